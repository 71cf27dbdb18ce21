import { createIdSource } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { createTestRuntime } from '../src/index.js'

const START = Date.UTC(2026, 10, 2, 9)

describe('the clock of a test', () => {
  test('stands still until it is moved', async () => {
    const runtime = createTestRuntime({ start: new Date(START) })
    await runtime.yield()
    expect([runtime.now(), runtime.elapsed()]).toEqual([START, 0])
    runtime.advance(250)
    expect([runtime.now(), runtime.elapsed()]).toEqual([START + 250, 250])
    runtime.set(START + 1_000)
    expect([runtime.now(), runtime.elapsed()]).toEqual([START + 1_000, 1_000])
  })

  test('can be set back, while elapsed time never goes back', () => {
    const runtime = createTestRuntime({ start: START })
    runtime.advance(500)
    runtime.set(START - 86_400_000)
    expect([runtime.now(), runtime.elapsed()]).toEqual([START - 86_400_000, 500])
    expect(() => runtime.advance(-1)).toThrow(RangeError)
    expect(() => runtime.advance(Number.NaN)).toThrow(RangeError)
  })
})

describe('a sleep that advances the clock', () => {
  test('wakes sleepers in order, each at its own time', async () => {
    const runtime = createTestRuntime({ start: START })
    const woken: [string, number][] = []
    const sleep = (name: string, ms: number) =>
      runtime.sleep(ms).then(() => void woken.push([name, runtime.now() - START]))
    await Promise.all([sleep('long', 300), sleep('short', 10), sleep('none', 0), sleep('middle', 20)])
    expect(woken).toEqual([
      ['none', 0],
      ['short', 10],
      ['middle', 20],
      ['long', 300],
    ])
    expect(runtime.elapsed()).toBe(300)
  })

  test('lets what was waiting go first', async () => {
    const runtime = createTestRuntime()
    const order: string[] = []
    setImmediate(() => order.push('waiting'))
    await runtime.sleep(5)
    order.push('slept')
    expect(order).toEqual(['waiting', 'slept'])
  })

  test('ends when its signal aborts, and moves no clock then', async () => {
    const runtime = createTestRuntime({ start: START })
    const abort = new AbortController()
    const slept = runtime.sleep(1_000, abort.signal)
    abort.abort()
    await slept
    await runtime.sleep(1_000, AbortSignal.abort())
    await runtime.yield()
    expect([runtime.now(), runtime.sleeping()]).toEqual([START, 0])
  })
})

describe('a sleep that waits', () => {
  test('ends when the test has moved the clock far enough', async () => {
    const runtime = createTestRuntime({ start: START, sleep: 'waits' })
    let awake = 0
    const sleeps = [10, 20].map((ms) => runtime.sleep(ms).then(() => ++awake))
    await runtime.yield()
    expect([awake, runtime.sleeping()]).toEqual([0, 2])
    runtime.advance(10)
    await runtime.yield()
    expect([awake, runtime.sleeping()]).toEqual([1, 1])
    runtime.set(START + 3_600_000)
    await Promise.all(sleeps)
    expect(runtime.now()).toBe(START + 3_600_000)
  })

  test('of no time ends by itself, and wakes nobody else', async () => {
    const runtime = createTestRuntime({ sleep: 'waits' })
    void runtime.sleep(1_000)
    await runtime.sleep(0)
    expect(runtime.sleeping()).toBe(1)
  })
})

describe('the randomness of a test', () => {
  test('is the same for the same seed, and another for another', () => {
    const bytes = (seed: number) => [...createTestRuntime({ seed }).random(64)]
    expect(bytes(7)).toEqual(bytes(7))
    expect(bytes(7)).not.toEqual(bytes(8))
    expect(new Set(createTestRuntime({ seed: 7 }).random(4_096)).size).toBe(256)
  })

  test('makes the same ids in every run, all of them different', () => {
    const ids = (seed: number) => {
      const next = createIdSource(createTestRuntime({ start: START, seed }))
      return Array.from({ length: 1_000 }, next)
    }
    expect(ids(1)).toEqual(ids(1))
    expect(new Set([...ids(1), ...ids(2), ...ids(3)]).size).toBe(3_000)
  })
})
