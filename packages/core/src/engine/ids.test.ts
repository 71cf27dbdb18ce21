import { describe, expect, it } from 'vitest'
import { createIdSource } from './ids.js'

function runtime(clock: () => number) {
  let byte = 0
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => (byte = (byte * 73 + 41) % 256))
  return { now: clock, elapsed: () => 0, sleep: async () => {}, yield: async () => {}, random }
}

describe('ids', () => {
  it('are UUIDs of version 7 that sort in the order in which they were made, even when the clock goes back', () => {
    const times = [1000, 1000, 1000, 999, 5000, 4000, 5000]
    let tick = 0
    const next = createIdSource(runtime(() => times[tick++ % times.length] ?? 0))
    const ids = Array.from({ length: 2_000 }, next)
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    )
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('are the same again from the same clock and randomness', () => {
    const made = () => {
      const next = createIdSource(runtime(() => 1_793_527_200_000))
      return Array.from({ length: 5 }, next)
    }
    expect(made()).toEqual(made())
  })
})
