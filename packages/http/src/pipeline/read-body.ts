import type { Runtime } from 'escrow-ledger'
import { Problem } from '../problem.js'

interface Limits {
  readonly mostBytes: number
  readonly readMs: number
}

/** The bytes of a body, as they came. Throws 413 for too many, 408 for one that takes too long, 400 for one that breaks off. */
export async function readBytes(
  request: Request,
  runtime: Pick<Runtime, 'sleep'>,
  { mostBytes, readMs }: Limits,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? '0')
  if (declared > mostBytes) throw tooLarge(mostBytes)
  if (!request.body) return new Uint8Array()
  const reader = request.body.getReader()
  const done = new AbortController()
  const late = runtime.sleep(readMs, done.signal).then(() => {
    if (done.signal.aborted) return new Promise<never>(() => {})
    throw new Problem(408, 'body_too_slow', `The body took longer than ${readMs} ms. Send it again.`)
  })
  try {
    return await Promise.race([collect(reader, mostBytes), late])
  } catch (error) {
    if (error instanceof Problem && error.status === 413) void drop(reader, runtime, readMs)
    else void reader.cancel().catch(() => {})
    if (error instanceof Problem) throw error
    throw new Problem(400, 'body_broken', 'The body broke off.', { cause: error })
  } finally {
    done.abort()
  }
}

/** Of a body that is refused; a client that sends more does not learn why. */
const MOST_DROPPED = 16 * 1_048_576

/**
 * Reads and drops a body that nobody began to read, since most clients see an answer only when they have sent all of theirs,
 * and since their next request comes after it on the same connection. Never rejects.
 */
export async function dropBody(request: Request, runtime: Pick<Runtime, 'sleep'>, readMs: number): Promise<void> {
  if (request.bodyUsed || !request.body || request.body.locked) return
  await drop(request.body.getReader(), runtime, readMs)
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function drop(reader: Reader, runtime: Pick<Runtime, 'sleep'>, readMs: number): Promise<void> {
  const done = new AbortController()
  void runtime.sleep(readMs, done.signal).then(() => reader.cancel().catch(() => {}))
  try {
    for (let left = MOST_DROPPED; left > 0; ) {
      const { done: isOver, value } = await reader.read()
      if (isOver) break
      left -= value.byteLength
    }
  } catch {
    // It broke off, and nobody waits for it.
  } finally {
    done.abort()
  }
}

async function collect(reader: Reader, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > mostBytes) throw tooLarge(mostBytes)
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

const tooLarge = (mostBytes: number) =>
  new Problem(413, 'body_too_large', `The body may have ${mostBytes} bytes at most.`)

/** Bytes as JSON. Throws 415, 400 for what is no JSON of UTF-8, and for what is nested too deep. */
export function readJson(headers: Headers, bytes: Uint8Array, mostDepth: number): unknown {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== 'application/json') {
    throw new Problem(415, 'unsupported_media_type', 'The body must be JSON, with Content-Type: application/json.')
  }
  const coding = (headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (coding !== '' && coding !== 'identity') {
    const message = 'The body must not be compressed, since its limits are those of what it says.'
    throw new Problem(415, 'unsupported_media_type', message, { headers: { 'accept-encoding': 'identity' } })
  }
  const text = decoded(bytes)
  checkDepth(text, mostDepth)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Problem(400, 'invalid_json', 'The body is not JSON.', { cause: error })
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Problem(400, 'invalid_json', 'The body is not UTF-8.', { cause: error })
  }
}

/** Counted before it is parsed, so that a deep body costs no more than its length. */
function checkDepth(text: string, mostDepth: number): void {
  let depth = 0
  let inText = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inText) {
      if (character === '\\') index += 1
      else if (character === '"') inText = false
    } else if (character === '"') inText = true
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth > mostDepth) throw new Problem(400, 'json_too_deep', `The body may nest ${mostDepth} deep at most.`)
  }
}
