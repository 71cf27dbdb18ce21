import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler } from './handler.js'
import { unreadableAnswer } from './pipeline/unreadable.js'
import { Problem } from './problem.js'

/** The parts of Express's request that are used: `ip`, the path of the mount, and a body that something before has read. */
interface ExpressRequest extends IncomingMessage {
  readonly ip?: string | undefined
  readonly baseUrl?: string | undefined
  readonly body?: unknown
}

type Next = (error?: unknown) => void

interface MountOptions {
  /** How long a body that was refused may go on coming before its connection is ended, in milliseconds; 5,000 unless it is given. */
  readonly lingerMs?: number | undefined
}

/**
 * A handler as a middleware of Express 5: `app.use('/api', expressMount(handler))`. Mount it before `express.json()` and
 * the like: a webhook's signature is over its raw bytes, which a parser does not keep, so that bodies that one has read
 * are answered with a 500 that says so. `express.raw()` before it does no harm. The client's address is `req.ip`, so tell
 * Express which proxies to trust (`app.set('trust proxy', …)`).
 */
export function expressMount(handler: Handler, { lingerMs = 5_000 }: MountOptions = {}) {
  return async (req: ExpressRequest, res: ServerResponse, next: Next): Promise<void> => {
    const gone = new AbortController()
    res.on('close', () => {
      if (!res.writableFinished) gone.abort()
    })
    try {
      await send(await answerOf(handler, req, gone.signal), res, gone.signal)
      if (!req.complete) linger(req, lingerMs)
    } catch (error) {
      if (!gone.signal.aborted) next(error)
    }
  }
}

/** The rest of a body that was given up is read and dropped, so that the connection's next request is reached. */
function linger(req: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => req.destroy(), ms)
  // What ends by itself ends the waiting; a process that stops does not wait for it.
  timer.unref()
  for (const event of ['end', 'close']) req.once(event, () => clearTimeout(timer))
  req.resume()
}

async function answerOf(handler: Handler, req: ExpressRequest, signal: AbortSignal): Promise<Response> {
  let request: Request
  try {
    request = requestOf(req, signal)
  } catch (error) {
    return unreadableAnswer(error)
  }
  return await handler(request, { address: req.ip ?? null, mount: req.baseUrl })
}

function requestOf(req: ExpressRequest, signal: AbortSignal): Request {
  const headers = new Headers()
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    headers.append(req.rawHeaders[index] ?? '', req.rawHeaders[index + 1] ?? '')
  }
  const method = req.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(req)
  const duplex = body === null ? {} : { duplex: 'half' }
  return new Request(urlOf(req.url ?? '/'), { method, headers, body, signal, ...duplex } as RequestInit)
}

/** The host is never used, so what a client says of it is not asked. Express has cut the mount's path off. */
function urlOf(target: string): URL {
  // Put together as text, since `//payees/…` would be resolved to a host of that name.
  return target.startsWith('/') ? new URL(`http://localhost${target}`) : new URL(target, 'http://localhost')
}

/** Throws where a parser has read the body and its bytes are gone. */
function bodyOf(req: ExpressRequest): NonNullable<RequestInit['body']> {
  if (req.body instanceof Uint8Array) return new Uint8Array(req.body)
  if (req.readableEnded || req.body !== undefined) {
    throw new Problem(
      500,
      'internal_error',
      'A body parser has read the request before Escrow Ledger could: mount expressMount(handler) before express.json() and express.urlencoded(), since webhooks are verified over their raw bytes.',
    )
  }
  return streamOf(req)
}

/**
 * A body that is read when it is asked for and not before: Node itself drops what nobody began to read. Node's own
 * `Readable.toWeb` reads ahead, and takes the request off its connection when it is cancelled, which then stands still.
 */
function streamOf(req: IncomingMessage): ReadableStream<Uint8Array> {
  let state: 'untouched' | 'read' | 'over' = 'untouched'

  function end(finish: () => void): void {
    if (state !== 'over') finish()
    state = 'over'
  }

  function begin(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const broken = () => end(() => controller.error(new Error('The connection ended before the body did.')))
    state = 'read'
    req.on('data', (chunk: Uint8Array) => {
      if (state === 'over') return
      controller.enqueue(new Uint8Array(chunk))
      req.pause()
    })
    req.on('end', () => end(() => controller.close()))
    req.on('error', broken)
    req.on('close', broken)
    if (req.destroyed) broken()
  }

  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state === 'untouched') begin(controller)
        req.resume()
      },
      cancel() {
        state = 'over'
      },
    },
    { highWaterMark: 0 },
  )
}

async function send(response: Response, res: ServerResponse, gone: AbortSignal): Promise<void> {
  res.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) res.setHeader('set-cookie', cookies)
  // A client that was too slow may be so for ever.
  if (response.status === 408) res.setHeader('connection', 'close')
  if (response.body) await sendBody(response.body, res, gone)
  else res.end()
}

/** One piece is held back: an answer in one piece, as nearly all are, then goes with its length. */
async function sendBody(body: ReadableStream<Uint8Array>, res: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body.getReader()
  try {
    let held = await reader.read()
    while (!held.done) {
      const next = await reader.read()
      gone.throwIfAborted()
      if (next.done) break
      if (!res.write(held.value)) await once(res, 'drain', { signal: gone })
      held = next
    }
    res.end(held.value)
  } catch (error) {
    await reader.cancel(error).catch(() => {})
    throw error
  }
}
