import type { Runtime } from 'escrow-ledger'

/** The platform's own clock, timers and randomness. */
export const platformRuntime: Runtime = {
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
}
