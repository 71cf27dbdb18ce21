import type { Runtime } from 'escrow-ledger'
import { Problem } from '../problem.js'

interface Bounds {
  readonly runtime: Pick<Runtime, 'sleep'>
  readonly timeoutMs: number
  /** Aborted when the client goes. */
  readonly signal: AbortSignal
}

/** Some work within its time. Throws 504 when that has passed; what is still queued at the ledger is taken back then. */
export async function timed<Result>(
  { runtime, timeoutMs, signal }: Bounds,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController()
  const stop = new AbortController()
  const gone = () => stop.abort()
  if (signal.aborted) gone()
  signal.addEventListener('abort', gone, { once: true })
  const late = runtime.sleep(timeoutMs, ended.signal).then(() => {
    if (ended.signal.aborted) return new Promise<never>(() => {})
    stop.abort()
    const message = `This took longer than ${timeoutMs} ms. What became of it is told when you repeat it with the same key.`
    throw new Problem(504, 'timed_out', message)
  })
  try {
    return await Promise.race([work(stop.signal), late])
  } finally {
    ended.abort()
    signal.removeEventListener('abort', gone)
  }
}
