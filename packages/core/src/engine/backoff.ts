import type { Runtime } from '../storage/index.js'

interface Waits {
  readonly firstMs: number
  readonly longestMs: number
  /** Never sooner than this, however few the attempts. */
  readonly leastMs?: number
  /** Those made already, the last one included. */
  readonly attempts: number
}

/** For how long to wait after an attempt, in milliseconds: twice as long each time, and up to a quarter more by chance. */
export function backoff({ random }: Pick<Runtime, 'random'>, waits: Waits): number {
  const { firstMs, longestMs, leastMs = 0, attempts } = waits
  const base = Math.max(leastMs, Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 30)))
  const [byte = 0] = random(1)
  return base + Math.floor((base / 4) * (byte / 255))
}
