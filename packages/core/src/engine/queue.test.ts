import { describe, expect, test } from 'vitest'
import { createQueue } from './queue.js'
import type { Request } from './request.js'

const signalled = (signal: AbortSignal): Request => ({
  name: 'journal.post',
  key: 'k',
  ownKey: false,
  fingerprint: new Uint8Array(),
  actor: null,
  signal,
  size: 1,
  direct: {},
  further: null,
  decide: () => undefined,
  idAt: String,
})

const all = { count: 10, size: 10, costOf: () => 0 }

describe('a call that goes back to the queue', () => {
  test('can still be taken back by its signal', async () => {
    const queue = createQueue()
    const controller = new AbortController()
    const call = queue.add(signalled(controller.signal))
    queue.putBack(queue.take(all))
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'aborted' })
    expect(queue.length()).toBe(0)
  })

  test('is gone where its signal fired meanwhile', async () => {
    const queue = createQueue()
    const controller = new AbortController()
    const call = queue.add(signalled(controller.signal))
    const taken = queue.take(all)
    controller.abort()
    queue.putBack(taken)
    await expect(call).rejects.toMatchObject({ code: 'aborted' })
    expect(queue.length()).toBe(0)
  })

  test('leaves nothing behind on its signal once it is carried out', () => {
    const queue = createQueue()
    const controller = new AbortController()
    void queue.add(signalled(controller.signal))
    queue.putBack(queue.take(all))
    const [taken] = queue.take(all)
    controller.abort()
    expect(taken?.request.key).toBe('k')
    expect(queue.length()).toBe(0)
  })
})

test('takes calls until they make a whole batch, and at least one', () => {
  const queue = createQueue()
  for (let index = 0; index < 5; index++) void queue.add(signalled(new AbortController().signal))
  expect(queue.take({ ...all, costOf: () => 0.5 })).toHaveLength(2)
  expect(queue.take({ ...all, costOf: () => 7 })).toHaveLength(1)
  expect(queue.take(all)).toHaveLength(2)
})
