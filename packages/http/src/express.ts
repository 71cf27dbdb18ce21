import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Handler } from './handler.js'

/** The parts of Express's request that are used: `ip` and `originalUrl`, and a body that something before has read. */
interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly ip?: string | undefined
  readonly body?: unknown
}

type Next = (error?: unknown) => void

/**
 * A handler as a middleware of Express 5: `app.use('/api', expressMount(handler))`. Mount it before `express.json()` and
 * the like: a webhook's signature is over its raw bytes, which a parser does not keep. `express.raw()` before it does no
 * harm. The client's address is `req.ip`, so tell Express which proxies to trust (`app.set('trust proxy', …)`).
 */
export function expressMount(handler: Handler) {
  return async (req: ExpressRequest, res: ServerResponse, next: Next): Promise<void> => {
    try {
      const gone = new AbortController()
      res.on('close', () => {
        if (!res.writableFinished) gone.abort()
      })
      await send(await handler(requestOf(req, gone.signal), { address: req.ip ?? null }), res)
    } catch (error) {
      next(error)
    }
  }
}

function requestOf(req: ExpressRequest, signal: AbortSignal): Request {
  const headers = new Headers()
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    headers.append(req.rawHeaders[index] ?? '', req.rawHeaders[index + 1] ?? '')
  }
  const method = req.method ?? 'GET'
  // The host is never used, so what a client says of it is not asked. Express has cut the mount's path off `url`.
  const url = new URL(req.url ?? '/', 'http://localhost')
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(req)
  return new Request(url, {
    method,
    headers,
    body,
    signal,
    ...(body === null ? {} : { duplex: 'half' }),
  } as RequestInit)
}

/** Throws where a parser has read the body and its bytes are gone. */
function bodyOf(req: ExpressRequest): NonNullable<RequestInit['body']> {
  if (req.body instanceof Uint8Array) return new Uint8Array(req.body)
  if (req.readableEnded || req.body !== undefined) {
    throw new Error(
      'A body parser has read the request before Escrow Ledger could: mount expressMount(handler) before express.json() and express.urlencoded(), since webhooks are verified over their raw bytes.',
    )
  }
  return Readable.toWeb(req) as ReadableStream<Uint8Array>
}

async function send(response: Response, res: ServerResponse): Promise<void> {
  res.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) res.setHeader('set-cookie', cookies)
  res.end(new Uint8Array(await response.arrayBuffer()))
}
