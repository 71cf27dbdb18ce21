import { describe, expect, test } from 'vitest'
import { openRazorpay } from './fixtures/open-razorpay.js'
import { openReceiver } from './fixtures/receiver.js'

/** A sandbox as another process sees it. */
async function openControl() {
  const opened = await openRazorpay()
  const control = async (method: string, path: string, input?: unknown, headers: Record<string, string> = {}) => {
    const body = input === undefined ? {} : { body: JSON.stringify(input) }
    const answer = await fetch(`${opened.razorpay.url}/sandbox/${path}`, { method, headers, ...body })
    const text = await answer.text()
    return { status: answer.status, given: text.startsWith('<') ? text : (JSON.parse(text) as unknown) }
  }
  return { ...opened, control }
}

describe('over HTTP', () => {
  test('people act, and every paisa is told as a text', async () => {
    const { sdk, control } = await openControl()
    const order = await sdk.orders.create({ amount: 100_000, currency: 'INR', payment_capture: true })
    const { status, given } = await control('POST', 'acts/razorpay/pay', { id: order.id, method: 'card' })
    expect([status, given]).toMatchObject([200, { orderId: order.id, status: 'captured' }])
    await control('POST', 'acts/razorpay/topUp', { amountMinor: '900719925474099' })
    expect((await control('GET', 'balances/razorpay')).given).toMatchObject({
      ...{ clearing: '97640', payouts: '900719925474099', outside: { payers: '-100000' } },
    })
    expect((await control('GET', 'state/razorpay')).given).toMatchObject({ payments: [{ method: 'card' }] })
  })

  test.each([
    ['acts/razorpay/fly', {}, 'There is no act fly'],
    ['acts/razorpay/toString', {}, 'There is no act toString'],
    ['acts/razorpay/pay', {}, 'needs an id'],
    ['acts/razorpay/pay', { id: 'order_00000000000000' }, 'Nothing has the id order_00000000000000'],
    ['acts/razorpay/topUp', { amountMinor: 5 }, 'An amount is a decimal text'],
    ['acts/stripe/pay', {}, 'There is no gateway stripe'],
    ['clock', { advanceMs: -1 }, 'The clock goes forward'],
    ['clock', [], 'must be a JSON object'],
    ['faults', { gateway: 'razorpay', operation: '*', fault: { kind: 'gremlin' } }, 'A fault is one of'],
  ])('POST %s with %j is refused in words', async (path, input, message) => {
    const { control } = await openControl()
    expect(await control('POST', path, input)).toMatchObject({
      ...{ status: 400, given: { error: expect.stringContaining(message) } },
    })
  })

  test('the clock goes on, and what falls due is done', async () => {
    const { sdk, clock, control, paid } = await openControl()
    const { paymentId } = await paid(100_000)
    const refund = await sdk.payments.refund(paymentId, { amount: 500 })
    const before = clock.now()
    expect((await control('POST', 'clock', { advanceMs: 3_600_000 })).given).toEqual({ now: before + 3_600_000 })
    expect((await control('GET', 'clock')).given).toEqual({ now: clock.now() })
    expect(await sdk.refunds.fetch(refund.id)).toMatchObject({ status: 'processed' })
  })

  test('faults are planned, and the log is read', async () => {
    const { call, control } = await openControl()
    const plan = { gateway: 'razorpay', operation: '*', fault: { kind: 'errorBefore', status: 503 } }
    await control('POST', 'faults', plan)
    expect((await control('GET', 'faults')).given).toEqual([{ ...plan, times: 1 }])
    expect((await call('GET', '/v1/orders')).status).toBe(503)
    expect((await control('GET', 'log')).given).toMatchObject([{ operation: 'listOrders', fault: plan.fault }])
    await control('DELETE', 'log')
    expect((await control('GET', 'log')).given).toEqual([])
    await control('POST', 'faults', plan)
    await control('DELETE', 'faults')
    expect((await call('GET', '/v1/orders')).status).toBe(200)
  })

  test('webhooks are sent, and can be taken with their headers', async () => {
    const { control, paid } = await openControl()
    const receiver = await openReceiver()
    await control('POST', 'webhooks', { url: receiver.url, mode: 'manual' })
    await control('POST', 'webhooks/faults', { event: 'order.paid', fault: { kind: 'lose' } })
    await paid(500)
    const { given } = await control('GET', 'webhooks')
    expect(given).toMatchObject([
      { event: 'payment.authorized', state: 'pending', headers: { 'x-razorpay-signature': expect.any(String) } },
      { event: 'payment.captured' },
      { event: 'order.paid', state: 'lost' },
    ])
    const [, , lost] = given as { id: string }[]
    expect((await control('POST', `webhooks/${lost?.id}/deliver`)).given).toEqual({ taken: true })
    await control('POST', 'webhooks/deliver', { order: 'newest first' })
    expect(receiver.events()).toEqual(['order.paid', 'payment.captured', 'payment.authorized'])
  })

  test('a page of another site can do nothing', async () => {
    const { razorpay, control } = await openControl()
    const act = (origin: string) => control('POST', 'acts/razorpay/topUp', { amountMinor: '5' }, { origin })
    expect((await act('https://elsewhere.example')).status).toBe(403)
    expect((await act(razorpay.url)).status).toBe(200)
    expect(razorpay.balances().payouts).toBe(5n)
  })

  test('an amount that JSON cannot carry is refused before it moves', async () => {
    const { razorpay, control } = await openControl()
    const { status } = await control('POST', 'acts/razorpay/topUp', { amountMinor: '9007199254740993' })
    expect([status, razorpay.balances().payouts]).toEqual([400, 0n])
  })

  test('there is a page', async () => {
    const { control } = await openControl()
    const { status, given } = await control('GET', 'razorpay')
    expect([status, given]).toEqual([200, expect.stringContaining('"act":"openDispute"')])
    expect((await control('GET', 'stripe')).status).toBe(400)
    expect((await control('PUT', 'clock')).status).toBe(404)
  })
})
