import { describe, expect, test } from 'vitest'
import type { Fault } from '../src/index.js'
import { openRazorpay } from './fixtures/open-razorpay.js'

/** What became of a refund under a fault: what the client saw, and whether there is one. */
async function refundUnder(fault: Fault) {
  const { sandbox, sdk, call, paid } = await openRazorpay()
  await paid(100_000)
  const { paymentId } = await paid(100_000)
  sandbox.faults.plan({ gateway: 'razorpay', operation: 'createRefund', fault })
  const path = `/v1/payments/${paymentId}/refund`
  const seen = await call('POST', path, { amount: 500 }).catch((error: { code: string }) => ({ reset: error.code }))
  const refunds = (await sdk.payments.fetchMultipleRefund(paymentId, {})).count
  return { seen, refunds, logged: sandbox.log.all().find(({ operation }) => operation === 'createRefund') }
}

describe('a fault', () => {
  test('cuts the connection before or after the effect', async () => {
    expect(await refundUnder({ kind: 'resetBefore' })).toMatchObject({
      ...{ seen: { reset: 'ECONNRESET' }, refunds: 0, logged: { answer: undefined, handled: false } },
    })
    expect(await refundUnder({ kind: 'resetAfter' })).toMatchObject({
      ...{ seen: { reset: 'ECONNRESET' }, refunds: 1, logged: { answer: undefined, handled: true } },
    })
  })

  test('answers with an error before or after the effect', async () => {
    const seen = (status: number) => ({ status, body: { error: { code: 'SERVER_ERROR' } } })
    expect(await refundUnder({ kind: 'errorBefore', status: 502 })).toMatchObject({ seen: seen(502), refunds: 0 })
    expect(await refundUnder({ kind: 'errorAfter', status: 500 })).toMatchObject({ seen: seen(500), refunds: 1 })
  })

  test('answers what nobody can read', async () => {
    const { seen, refunds } = await refundUnder({ kind: 'unreadable' })
    expect(seen).toMatchObject({ status: 200, body: expect.stringContaining('<html>') })
    expect(refunds).toBe(1)
  })

  test('answers that there are too many requests', async () => {
    const { seen, refunds, logged } = await refundUnder({ kind: 'rateLimited', retryAfterS: 30 })
    expect([seen, refunds]).toMatchObject([{ status: 429, body: { error: { code: 'BAD_REQUEST_ERROR' } } }, 0])
    expect(logged?.answer?.headers).toMatchObject({ 'retry-after': '30' })
  })

  test('answers after the client has given up', async () => {
    const { sandbox, sdk } = await openRazorpay()
    const { rq } = (sdk as unknown as { api: { rq: { defaults: { timeout: number } } } }).api
    rq.defaults.timeout = 50
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'createOrder', fault: { kind: 'latency', ms: 300 } })
    // What the SDK makes of a timeout.
    await expect(sdk.orders.create({ amount: 500, currency: 'INR' })).rejects.toThrow("reading 'status'")
    rq.defaults.timeout = 5000
    expect((await sdk.orders.all()).count).toBe(1)
  })

  test('strikes the operation and as often as it says, and is used up then', async () => {
    const { sandbox, sdk, call } = await openRazorpay()
    sandbox.faults.plan({
      gateway: 'razorpay',
      operation: 'listOrders',
      fault: { kind: 'errorBefore', status: 503 },
      times: 2,
    })
    sandbox.faults.plan({ gateway: 'paypal', operation: '*', fault: { kind: 'resetBefore' } })
    await sdk.orders.create({ amount: 500, currency: 'INR' })
    const statuses: number[] = []
    for (const _ of [1, 2, 3]) statuses.push((await call('GET', '/v1/orders')).status)
    expect(statuses).toEqual([503, 503, 200])
    expect(sandbox.faults.pending()).toMatchObject([{ gateway: 'paypal' }])
    sandbox.faults.clear()
    expect(sandbox.faults.pending()).toEqual([])
  })

  test.each([
    [{ gateway: 'stripe' }, 'There is no gateway stripe'],
    [{ operation: '' }, 'needs an operation'],
    [{ fault: { kind: 'gremlin' } }, 'A fault is one of'],
    [{ times: 0 }, 'times must be'],
  ])('is refused with %j', async (change, message) => {
    const { sandbox } = await openRazorpay()
    const plan = { gateway: 'razorpay', operation: '*', fault: { kind: 'resetBefore' }, ...change }
    expect(() => sandbox.faults.plan(plan as never)).toThrow(message)
  })
})

test('the log keeps what passed, without the credentials', async () => {
  const { sandbox, sdk, call } = await openRazorpay()
  await sdk.orders.create({ amount: 500, currency: 'INR', receipt: 'r-1' })
  await call('GET', '/v1/nothing')
  const [created, nothing] = sandbox.log.all()
  expect(created).toMatchObject({
    ...{ gateway: 'razorpay', operation: 'createOrder', method: 'POST', url: '/v1/orders', handled: true },
    ...{ headers: { authorization: 'Basic (redacted)' }, answer: { status: 200 }, bug: undefined },
  })
  expect(JSON.parse(created?.body ?? '')).toMatchObject({ receipt: 'r-1' })
  expect(nothing).toMatchObject({ operation: undefined, answer: { status: 400 } })
})
