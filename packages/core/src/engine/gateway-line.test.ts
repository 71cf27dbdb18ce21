import { describe, expect, test } from 'vitest'
import type { Gateway } from '../gateways/gateway.js'
import type { Runtime } from '../storage/index.js'
import { type CallFailure, createGatewayLine } from './gateway-line.js'

const gateway: Gateway = {
  operations: {},
  deadlineMs: 100,
  send: async () => ({ outcome: 'unknown', reason: 'nothing is sent here' }),
  ask: async () => ({ outcome: 'unknown', reason: 'nothing is asked here' }),
}

/** A clock that a test moves, and whoever sleeps by it. */
function handClock() {
  let now = 0
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  const sleep: Runtime['sleep'] = (ms, signal) =>
    new Promise((resolve) => {
      const sleeper = { at: now + ms, wake: resolve }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', () => {
        sleepers.delete(sleeper)
        resolve()
      })
    })
  const runtime: Runtime = {
    now: () => now,
    elapsed: () => now,
    sleep,
    yield: async () => {},
    random: (bytes) => new Uint8Array(bytes),
  }
  function pass(ms: number): void {
    now += ms
    for (const { at, wake } of sleepers) if (at <= now) wake()
  }
  return { runtime, pass }
}

describe('the way to a gateway', () => {
  test('gives each step of a list the time of one call', async () => {
    const { runtime, pass } = handClock()
    const line = createGatewayLine(gateway, runtime, {})
    const steps = line.each(async function* () {
      for (let index = 0; index < 5; index += 1) {
        pass(80)
        yield index
      }
    })
    const found: number[] = []
    for await (const step of steps) found.push(step)
    expect(found).toEqual([0, 1, 2, 3, 4])
    expect(runtime.now()).toBe(400)
  })

  test('says that nothing was sent where too many calls wait already', async () => {
    const { runtime } = handClock()
    const line = createGatewayLine(gateway, runtime, { concurrency: 1 })
    const called: number[] = []
    const call = (index: number) =>
      line.call(() => {
        called.push(index)
        return new Promise<never>(() => {})
      })
    for (let index = 0; index <= 10_000; index += 1) void call(index)
    await expect(call(-1)).rejects.toMatchObject({ heldBack: true, exchanges: [] } satisfies Partial<CallFailure>)
    expect(called).toEqual([0])
  })

  test('ends a list that fails, and passes on why', async () => {
    const { runtime } = handClock()
    const line = createGatewayLine(gateway, runtime, {})
    const signals: AbortSignal[] = []
    const steps = line.each(({ signal }) => {
      signals.push(signal)
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            throw new Error('the answer is no list')
          },
          return: async () => {
            throw new Error('it cannot be ended either')
          },
        }),
      }
    })
    const reading = async () => {
      for await (const step of steps) throw new Error(`there is a step: ${String(step)}`)
    }
    await expect(reading()).rejects.toMatchObject({ reason: 'the answer is no list', heldBack: false })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})
