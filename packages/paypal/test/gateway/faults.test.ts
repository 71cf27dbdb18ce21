import type { Fault } from '@escrow-ledger/sandbox'
import type { CallOutcome } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { captureCall, orderCall, pay, payoutCall, referenceOf, refundCall } from '../fixtures/calls.js'
import { HOUR, type Opened, openGateway, usd } from '../fixtures/open-gateway.js'

/** What the ledger makes of an adapter that throws. */
const heard = (outcome: Promise<CallOutcome>): Promise<CallOutcome> =>
  outcome.catch((error: Error) => ({ outcome: 'unknown', reason: error.message }))

const faults: readonly (readonly [Fault, CallOutcome['outcome']])[] = [
  [{ kind: 'resetBefore' }, 'unknown'],
  [{ kind: 'resetAfter' }, 'unknown'],
  [{ kind: 'errorBefore', status: 503 }, 'unknown'],
  [{ kind: 'errorAfter', status: 500 }, 'unknown'],
  [{ kind: 'errorBefore', status: 409 }, 'unknown'],
  [{ kind: 'unreadable' }, 'unknown'],
  [{ kind: 'rateLimited', retryAfterS: 7 }, 'waiting'],
]

describe('whatever happens on the way', () => {
  test.each(faults)('%j: an order is made once under its key', async (fault, expected) => {
    const { send, fail, paypal } = await openGateway()
    const call = orderCall()
    fail('createOrder', fault)
    expect((await heard(send(call))).outcome).toBe(expected)
    const again = await send(call)
    expect(again).toMatchObject({ outcome: 'accepted' })
    expect(await send(call)).toMatchObject({ reference: referenceOf(again) })
    paypal.approve(referenceOf(again))
  })

  test.each(faults)('%j: an order is captured once', async (fault, expected) => {
    const { send, fail, paypal } = await openGateway()
    const payment = referenceOf(await send(orderCall()))
    paypal.approve(payment)
    const call = captureCall({ payment })
    fail('captureOrder', fault)
    expect((await heard(send(call))).outcome).toBe(expected)
    expect(await send(call)).toMatchObject({ outcome: 'processed' })
    expect(paypal.balances()['outside:payers']).toEqual({ USD: -10_000n })
  })

  test.each(faults)('%j: a refund is made once', async (fault, expected) => {
    const opened = await openGateway()
    const { send, fail, paypal } = opened
    const { payment } = await pay(opened)
    const call = refundCall({ payment, amount: usd('40.00') })
    fail('refundCapture', fault)
    expect((await heard(send(call))).outcome).toBe(expected)
    expect(await send(call)).toMatchObject({ outcome: 'processed' })
    expect(paypal.balances()['outside:payers']).toEqual({ USD: -6_000n })
  })

  test.each(faults)('%j: a payee is paid once', async (fault, expected) => {
    const { send, ask, fail, paypal, sandbox } = await openGateway({ paypal: { openingBalances: { USD: 50_000n } } })
    const call = payoutCall()
    fail('createPayout', fault)
    expect((await heard(send(call))).outcome).toBe(expected)
    const again = await send(call)
    expect(again).toMatchObject({ outcome: 'accepted' })
    await sandbox.clock.advance(HOUR)
    expect(await ask({ ...call, reference: referenceOf(again) })).toMatchObject({ outcome: 'processed' })
    expect(paypal.balances()['outside:receivers']).toEqual({ USD: 10_000n })
  })

  test.each(faults)('%j: a question decides nothing', async (fault) => {
    const { send, ask, fail } = await openGateway()
    const call = orderCall()
    const reference = referenceOf(await send(call))
    fail('getOrder', fault)
    expect((await heard(ask({ ...call, reference }))).outcome).toBe('unknown')
    expect(await ask({ ...call, reference })).toMatchObject({ outcome: 'accepted' })
  })
})

describe('an answer', () => {
  test('that says when to ask again is waited for so long', async () => {
    const { send, ask, fail, sandbox } = await openGateway()
    fail('*', { kind: 'latency', ms: 0 })
    fail('createOrder', { kind: 'rateLimited', retryAfterS: 7 })
    const retryAt = sandbox.clock.now() + 7_000
    expect(await send(orderCall())).toMatchObject({ outcome: 'waiting', retryAt })
    fail('getOrder', { kind: 'rateLimited', retryAfterS: 7 })
    expect(await ask(orderCall({ reference: 'ANY' }))).toMatchObject({ outcome: 'unknown', retryAt })
  })

  test('that takes too long is not waited for', async () => {
    const { send, fail } = await openGateway({ gateway: { timeoutMs: 300 } })
    await send(orderCall())
    fail('createOrder', { kind: 'latency', ms: 2_000 })
    await expect(send(orderCall())).rejects.toThrow(/timeout/)
  })

  test('is not waited for when the call is ended', async () => {
    const { gateway, context, fail } = await openGateway()
    await gateway.send(orderCall(), context)
    fail('createOrder', { kind: 'latency', ms: 2_000 })
    const ended = new AbortController()
    const sent = gateway.send(orderCall(), { ...context, signal: ended.signal })
    setTimeout(() => ended.abort(), 100)
    await expect(sent).rejects.toThrow(/aborted/)
  })
})

describe('an access token', () => {
  const tokens = ({ sandbox }: Opened) => sandbox.log.all().filter(({ operation }) => operation === 'getToken').length

  test('is asked for once, however many calls begin at once', async () => {
    const opened = await openGateway()
    await Promise.all(Array.from({ length: 5 }, () => opened.send(orderCall())))
    expect(tokens(opened)).toBe(1)
  })

  test('that PayPal takes no more is replaced', async () => {
    const opened = await openGateway()
    await opened.send(orderCall())
    opened.paypal.revokeTokens()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => opened.send(orderCall())))
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(5).fill('accepted'))
    expect(tokens(opened)).toBe(2)
  })

  test.each<Fault>([{ kind: 'errorBefore', status: 503 }, { kind: 'resetBefore' }, { kind: 'unreadable' }])(
    'that does not come (%j) means that nothing was sent, and is asked for again',
    async (fault) => {
      const { send, ask, fail, exchanges } = await openGateway()
      fail('getToken', fault)
      expect(await send(orderCall())).toMatchObject({ outcome: 'waiting' })
      fail('getToken', fault)
      await expect(ask(orderCall({ reference: 'ANY' }))).rejects.toThrow('there is no access token')
      expect(exchanges).toEqual([])
      expect(await send(orderCall())).toMatchObject({ outcome: 'accepted' })
    },
  )

  test('that is refused leaves the call waiting for better credentials', async () => {
    const { send } = await openGateway({ gateway: { clientSecret: 'wrong' } })
    expect(await send(orderCall())).toMatchObject({ outcome: 'waiting' })
  })
})

test('what went over the wire is kept without the credentials it went with', async () => {
  const { send, ask, fail, exchanges, paypal } = await openGateway()
  const call = orderCall()
  const reference = referenceOf(await send(call))
  fail('getOrder', { kind: 'resetAfter' })
  await heard(ask({ ...call, reference }))
  expect(exchanges).toMatchObject([
    { method: 'POST', path: '/v2/checkout/orders', status: 201, requestId: expect.stringMatching(/^f/), error: null },
    { method: 'GET', path: `/v2/checkout/orders/${reference}`, request: null, status: null, answer: null },
  ])
  expect(JSON.parse(exchanges[0]?.request ?? '')).toMatchObject({ intent: 'CAPTURE' })
  expect(JSON.parse(exchanges[0]?.answer ?? '')).toMatchObject({ id: reference })
  expect(exchanges[1]?.error).not.toBeNull()
  const told = JSON.stringify(exchanges)
  expect(told).not.toContain(paypal.clientSecret)
  expect(told).not.toMatch(/bearer|basic |access_token/i)
})
