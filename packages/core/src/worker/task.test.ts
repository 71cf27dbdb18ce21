import { expect, test } from 'vitest'
import { silent } from './logger.js'
import { createTask } from './task.js'

test('a task that fails waits longer each time, and never longer than a timer takes', async () => {
  const waits: number[] = []
  const stop = new AbortController()
  const runtime = {
    now: () => 0,
    elapsed: () => 0,
    sleep: async (ms: number) => {
      waits.push(ms)
      if (waits.length === 8) stop.abort()
    },
    yield: async () => {},
    random: (bytes: number) => new Uint8Array(bytes),
  }
  const run = async () => {
    throw new Error('nobody is there')
  }
  const day = 86_400_000
  const task = createTask({ task: 'statements', book: 'main', everyMs: day, run }, { runtime, logger: silent })
  await task.loop(stop.signal)
  const longest = 2_147_483_647
  expect(waits).toEqual([1.8 * day, 3.6 * day, 7.2 * day, 14.4 * day, longest, longest, longest, longest])
  expect(task.health()).toMatchObject({ rounds: 8, failures: 8, lastError: 'nobody is there' })
})
