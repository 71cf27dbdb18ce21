import { v7 } from 'uuid'
import type { Runtime } from '../storage/index.js'

/** Makes ids: UUIDs of version 7, which sort by the time at which they were made. */
export type IdSource = () => string

const RANDOM_POOL = 256 * 16

/** Ids from the injected clock and randomness; within one source each sorts after the one before it. */
export function createIdSource(runtime: Runtime): IdSource {
  let pool = new Uint8Array(0)
  let used = 0
  let msecs = 0
  let seq = 0

  function randomBytes(): Uint8Array {
    if (used + 16 > pool.length) {
      pool = Uint8Array.from(runtime.random(RANDOM_POOL))
      used = 0
    }
    used += 16
    return pool.subarray(used - 16, used)
  }

  return () => {
    const now = runtime.now()
    const random = randomBytes()
    if (now > msecs) {
      msecs = now
      // A random start below 2^30 leaves room to count up within the millisecond.
      seq = (((random[6] ?? 0) & 0x3f) << 24) | ((random[7] ?? 0) << 16) | ((random[8] ?? 0) << 8) | (random[9] ?? 0)
    } else seq += 1
    return v7({ msecs, seq, random })
  }
}
