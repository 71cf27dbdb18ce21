import { v7 } from 'uuid'
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
    return textOf(v7({ msecs, seq, random }, bytes))
  }
}

const DASH = 0x2d
const hexDigits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const codes: number[] = new Array(36).fill(DASH)

/** Writes an id out in one piece: a text that is joined of twenty is twenty times as much to clear away. */
function textOf(id: Uint8Array): string {
  let place = 0
  for (let index = 0; index < ID_BYTES; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) place += 1
    const byte = id[index] as number
    codes[place++] = hexDigits[byte >> 4] as number
    codes[place++] = hexDigits[byte & 0xf] as number
  }
  return String.fromCharCode(...codes)
}
