import { stringify, v7 } from 'uuid'
import type { Runtime } from '../storage/index.js'

/** Makes ids: UUIDs of version 7, which sort by the time at which they were made. */
export type IdSource = () => string

const ID_BYTES = 16
const RANDOM_POOL = 256 * ID_BYTES

/** Ids from the injected clock and randomness; within one source each sorts after the one before it. */
export function createIdSource(runtime: Runtime): IdSource {
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  let msecs = 0
  let seq = 0
  // Both serve one id after another, since every entry takes one.
  const random = new Uint8Array(ID_BYTES)
  const bytes = new Uint8Array(ID_BYTES)

  function takeRandom(): void {
    if (used >= pool.length) {
      pool = runtime.random(RANDOM_POOL)
      used = 0
    }
    for (let index = 0; index < ID_BYTES; index++) random[index] = pool[used++] ?? 0
  }

  return () => {
    const now = runtime.now()
    takeRandom()
    if (now > msecs) {
      msecs = now
      // A random start below 2^30 leaves room to count up within the millisecond.
      seq = (((random[6] ?? 0) & 0x3f) << 24) | ((random[7] ?? 0) << 16) | ((random[8] ?? 0) << 8) | (random[9] ?? 0)
    } else seq += 1
    return stringify(v7({ msecs, seq, random }, bytes))
  }
}
