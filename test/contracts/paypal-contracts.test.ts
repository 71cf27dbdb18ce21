import type { LoggedExchange } from '@escrow-ledger/sandbox'
import { describe, expect, test } from 'vitest'
import { checkPayPalExchange, presence } from './paypal-contracts.js'

const exchange = (given: Partial<LoggedExchange>): LoggedExchange => ({
  gateway: 'paypal',
  operation: 'createPayout',
  at: 0,
  method: 'POST',
  url: '/v1/payments/payouts',
  headers: {},
  body: JSON.stringify(payout),
  fault: undefined,
  answer: { status: 201, headers: {}, body: JSON.stringify({ batch_header: header, links }) },
  handled: true,
  bug: undefined,
  ...given,
})

const links = [{ href: 'https://api.sandbox.paypal.com/v1/payments/payouts/B1', rel: 'self', method: 'GET' }]
const header = { payout_batch_id: 'B1', batch_status: 'PENDING', sender_batch_header: { sender_batch_id: 's-1' } }
const item = { receiver: 'a@b.example', amount: { currency: 'USD', value: '1.00' } }
const payout = { sender_batch_header: { sender_batch_id: 's-1' }, items: [item] }
const answered = (body: object, status = 201) => ({ answer: { status, headers: {}, body: JSON.stringify(body) } })

describe.skipIf(presence !== '')(`the documents of PayPal${presence}`, () => {
  test('have nothing against what is right, and do not know every address', () => {
    expect(checkPayPalExchange(exchange({}))).toEqual([])
    expect(checkPayPalExchange(exchange({ url: '/v1/oauth2/token' }))).toBeNull()
  })

  test.each<[string, Partial<LoggedExchange>, string]>([
    ['a field that is not known', { body: JSON.stringify({ ...payout, note: 'x' }) }, 'request /note is not declared'],
    [
      'one further down',
      { body: JSON.stringify({ ...payout, items: [{ ...item, amount: { ...item.amount, currency_code: 'USD' } }] }) },
      'request /items/0/amount/currency_code is not declared',
    ],
    [
      'one that is missing',
      { body: JSON.stringify({ items: [item] }) },
      "request must have required property 'sender_batch_header'",
    ],
    [
      'a value that may not be',
      answered({ batch_header: { ...header, batch_status: 'NEW' } }),
      'answer 201 /batch_header/batch_status',
    ],
    [
      'a number for a text',
      { body: JSON.stringify({ ...payout, items: [{ ...item, note: 1 }] }) },
      '/items/0/note must be string',
    ],
    ['a parameter that is not known', { url: '/v1/payments/payouts?dry_run=1' }, 'the query has dry_run'],
    ['a header that is too long', { headers: { 'paypal-request-id': 'x'.repeat(1001) } }, 'PayPal-Request-Id'],
    ['an error of another shape', answered({ error: 'no' }, 400), "answer 400 must have required property 'name'"],
  ])('find %s', (_, given, fault) => {
    expect(checkPayPalExchange(exchange(given))).toEqual(expect.arrayContaining([expect.stringContaining(fault)]))
  })
})
