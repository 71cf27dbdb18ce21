import { hash } from 'node:crypto'
import type { Runtime } from 'escrow-ledger'

/** The platform's own clock, timers, randomness and SHA-256. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const wake = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      signal?.addEventListener('abort', wake, { once: true })
    }),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  sha256: (text) => hash('sha256', text, 'binary'),
}
