import { money, type PayoutCall } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import type { PayPalApi } from './api.js'
import { createPayoutBatches } from './payout-batches.js'

const payoutOf = (key: string): PayoutCall => ({
  ...{ kind: 'payout', instruction: key, key, amount: money('1.00', 'USD'), party: 'p', escrow: null },
  ...{ reference: null, firstSentAt: 0, destination: `${key}@example.com` },
})
const batch = { key: 'batch', payouts: ['a', 'b', 'c'].map(payoutOf) }
const context = { signal: new AbortController().signal, now: () => 0, record: () => {} }

/** PayPal, which always answers the same. */
function answering(status: number, body: object) {
  const text = JSON.stringify(body)
  const api: PayPalApi = {
    partner: null,
    call: async () => ({ status, body, text, requestId: 'd-1', retryAt: undefined }),
  }
  return createPayoutBatches(api)
}

const error = (name: string, ...details: object[]) => ({ name, message: name, details })

describe('a batch that PayPal does not take', () => {
  test.each([
    ['items[2].receiver', ['c']],
    ['/items/1/amount/value', ['b']],
    ['items.0.amount', ['a']],
    ['items[7].receiver', []],
    ['sender_batch_header.email_subject', []],
  ])('for %s is refused because of %j', async (field, because) => {
    const { send } = answering(400, error('VALIDATION_ERROR', { field, issue: 'Value is invalid' }))
    expect(await send(batch, context)).toMatchObject({ outcome: 'refused', code: 'VALIDATION_ERROR', because })
  })

  test('since it has one of its key is never refused, though the first one is not named', async () => {
    const { send } = answering(400, error('USER_BUSINESS_ERROR', { field: 'SENDER_BATCH_ID', issue: 'Duplicate' }))
    expect(await send(batch, context)).toMatchObject({ outcome: 'unknown' })
  })

  test.each([
    [422, 'INSUFFICIENT_FUNDS', true],
    [429, 'RATE_LIMIT_REACHED', false],
    [403, 'NOT_AUTHORIZED', false],
  ])('with %i %s waits, and in part: %s', async (status, name, partly) => {
    expect(await answering(status, error(name)).send(batch, context)).toMatchObject({ outcome: 'waiting', partly })
  })
})

describe('what is read of a batch', () => {
  const item = (key: string, transaction_status?: string) => ({
    ...{ transaction_status, payout_item: { sender_item_id: key } },
  })
  const read = (batch_status: string, ...items: object[]) =>
    answering(200, { batch_header: { batch_status }, items }).read({ reference: 'B1', page: 1 }, context)

  test('tells of each by itself, of one that cannot be read too', async () => {
    const page = await read(
      'SUCCESS',
      item('a', 'SUCCESS'),
      item('b'),
      item('c', 'NEVER_HEARD_OF'),
      item('d', 'FAILED'),
    )
    const told = page.outcome === 'read' ? [...page.payouts].map(([key, { outcome }]) => [key, outcome]) : []
    expect(Object.fromEntries(told)).toEqual({ a: 'processed', b: 'unknown', c: 'unknown', d: 'refused' })
    expect(page).toMatchObject({ others: { outcome: 'absent' }, more: false })
  })

  test.each(['DENIED', 'CANCELED'])('that is %s says so of what has no outcome of its own', async (status) => {
    const page = await read(status, item('a', 'PENDING'))
    expect(page).toMatchObject({ others: { outcome: 'refused' } })
    expect(page.outcome === 'read' && page.payouts.get('a')).toMatchObject({ outcome: 'refused', code: status })
  })

  test('and has no payouts, though it is done, does not say that they never arrived', async () => {
    expect(await read('SUCCESS')).toMatchObject({ others: { outcome: 'accepted', reference: 'B1' }, more: false })
  })

  test.each(['PENDING', 'PROCESSING', 'NEW'])('that is %s leaves the others accepted', async (status) => {
    expect(await read(status)).toMatchObject({ others: { outcome: 'accepted', reference: 'B1' } })
  })
})

describe('what is kept of a request about many', () => {
  const said = (request: object, answer: object | string) => ({
    ...{ method: 'POST', path: '/v1/payments/payouts', status: 400, requestId: null, error: null, at: 0 },
    ...{ request: JSON.stringify(request), answer: typeof answer === 'string' ? answer : JSON.stringify(answer) },
  })
  const request = { items: [{ sender_item_id: 'a' }, { sender_item_id: 'b' }, { sender_item_id: 'c' }] }
  const { partOf } = answering(200, {})

  test('is what is about one of them, and what is about all', () => {
    const wrong = [{ field: 'items[1].receiver' }, { field: 'items[2].receiver' }, { issue: 'general' }]
    const part = partOf(said(request, { name: 'VALIDATION_ERROR', details: wrong }), 'b')
    expect(JSON.parse(part.request ?? '')).toEqual({ items: [{ sender_item_id: 'b' }] })
    expect(JSON.parse(part.answer ?? '').details).toEqual([{ issue: 'general' }, { field: 'items[1].receiver' }])
  })

  test('is the beginning of what is no JSON', () => {
    expect(partOf(said(request, '<'.repeat(10_000)), 'a').answer).toHaveLength(500)
  })
})
