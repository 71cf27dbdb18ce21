import { verifyRazorpayCheckout } from '@escrow-ledger/razorpay'
import { describe, expect, test } from 'vitest'
import { openRazorpay } from '../fixtures/open-razorpay.js'

const day = 86_400_000

describe('an order', () => {
  test('is created, found by its receipt and paid, less the fee with its tax', async () => {
    const { sdk, razorpay } = await openRazorpay()
    await sdk.orders.create({ amount: 500, currency: 'INR', receipt: 'another' })
    const order = await sdk.orders.create({
      amount: 100_000,
      currency: 'INR',
      receipt: 's-42',
      notes: { escrow: 's-42' },
    })
    expect(order).toMatchObject({ status: 'created', amount_due: 100_000, attempts: 0, notes: { escrow: 's-42' } })
    expect((await sdk.orders.all({ receipt: 's-42' })).items).toEqual([order])

    const { paymentId, signature } = razorpay.pay(order.id, { method: 'card' })
    verifyRazorpayCheckout(
      { orderId: order.id, paymentId, signature: signature ?? '' },
      { keySecrets: [razorpay.keySecret] },
    )
    expect(razorpay.balances()).toMatchObject({ clearing: 0n, inFlight: { authorized: 100_000n } })
    expect(await sdk.payments.fetch(paymentId)).toMatchObject({ status: 'authorized', captured: false, fee: null })

    const captured = await sdk.payments.capture(paymentId, 100_000, 'INR')
    expect(captured).toMatchObject({ status: 'captured', method: 'card', fee: 2360, tax: 360 })
    expect(await sdk.orders.fetch(order.id)).toMatchObject({ status: 'paid', amount_paid: 100_000, amount_due: 0 })
    expect((await sdk.orders.fetchPayments(order.id)).items).toEqual([captured])
    expect(razorpay.balances()).toMatchObject({
      clearing: 97_640n,
      inFlight: { authorized: 0n },
      charged: { fees: 2000n, taxes: 360n },
      outside: { payers: -100_000n },
    })
  })

  test.each([
    [{ amount: 99, currency: 'INR' }, 'The amount must be at least INR 1.00', 'amount'],
    [{ amount: 100.5, currency: 'INR' }, 'The amount must be an integer.', 'amount'],
    [{ currency: 'INR' }, 'The amount field is required.', 'amount'],
    [{ amount: 500, currency: 'EUR' }, 'Currency is not supported', 'currency'],
    [
      { amount: 500, currency: 'INR', receipt: 'x'.repeat(41) },
      'The receipt may not be greater than 40 characters.',
      'receipt',
    ],
    [{ amount: 500, currency: 'INR', reciept: 'x' }, 'reciept is/are not required and should not be sent', undefined],
    [{ amount: 500, currency: 'INR', notes: 'text' }, 'The notes must be an array.', 'notes'],
  ])('is refused for %j', async (body, description, field) => {
    const { call } = await openRazorpay()
    const { status, body: answer } = await call('POST', '/v1/orders', body)
    expect(status).toBe(400)
    expect(answer.error).toMatchObject({ code: 'BAD_REQUEST_ERROR', description })
    expect(answer.error?.field).toBe(field)
  })

  test('takes parts where it says so', async () => {
    const { sdk, razorpay } = await openRazorpay()
    const order = await sdk.orders.create({
      amount: 1000,
      currency: 'INR',
      partial_payment: true,
      payment_capture: true,
    })
    razorpay.pay(order.id, { amountMinor: 400n })
    expect(await sdk.orders.fetch(order.id)).toMatchObject({ status: 'attempted', amount_paid: 400, amount_due: 600 })
    expect(() => razorpay.pay(order.id, { amountMinor: 601n })).toThrow('cannot be paid with 601')
    razorpay.pay(order.id)
    expect(await sdk.orders.fetch(order.id)).toMatchObject({ status: 'paid', attempts: 2 })
    expect(() => razorpay.pay(order.id)).toThrow('is paid already')
  })
})

describe('a capture', () => {
  test('must be of the amount and currency that were authorised', async () => {
    const { sdk, paid } = await openRazorpay()
    const { paymentId } = await paid(5000, { authorizeOnly: true })
    await expect(sdk.payments.capture(paymentId, 4999, 'INR')).rejects.toMatchObject({
      statusCode: 400,
      error: { description: 'Capture amount must be equal to the amount authorized' },
    })
    await expect(sdk.payments.capture(paymentId, 5000, 'USD')).rejects.toMatchObject({ statusCode: 400 })
    await sdk.payments.capture(paymentId, 5000, 'INR')
    await expect(sdk.payments.capture(paymentId, 5000, 'INR')).rejects.toMatchObject({
      error: { description: 'This payment has already been captured' },
    })
  })

  test('of a second payment for a paid order is refused, and the payer gets the money back', async () => {
    const { sdk, razorpay, clock } = await openRazorpay()
    const order = await sdk.orders.create({ amount: 5000, currency: 'INR' })
    const [first, second] = [razorpay.pay(order.id), razorpay.pay(order.id)]
    await sdk.payments.capture(first.paymentId, 5000, 'INR')
    await expect(sdk.payments.capture(second.paymentId, 5000, 'INR')).rejects.toMatchObject({
      error: { description: expect.stringContaining('the order is already paid') },
    })
    await clock.advance(6 * day)
    expect(await sdk.payments.fetch(second.paymentId)).toMatchObject({ status: 'refunded', captured: false })
    expect(razorpay.balances().outside.payers).toBe(-5000n)
  })

  test('happens late when the bank authorises after it refused', async () => {
    const { sdk, razorpay, sandbox } = await openRazorpay()
    const order = await sdk.orders.create({ amount: 5000, currency: 'INR', payment_capture: true })
    const { paymentId, status, signature } = razorpay.pay(order.id, { fail: true })
    expect([status, signature]).toEqual(['failed', null])
    expect(await sdk.payments.fetch(paymentId)).toMatchObject({ error_code: 'BAD_REQUEST_ERROR', captured: false })
    expect(razorpay.authorizeLate(paymentId).status).toBe('captured')
    expect(sandbox.webhooks.all().map(({ event }) => event)).toEqual([
      ...['payment.failed', 'payment.authorized', 'payment.captured', 'order.paid'],
    ])
  })
})

test('a payment in another currency is settled in rupees', async () => {
  const { sdk, razorpay, paid } = await openRazorpay({ razorpay: { rates: { USD: '83.25', JPY: '0.5555' } } })
  const usd = await paid(10_00, { currency: 'USD' })
  expect(await sdk.payments.fetch(usd.paymentId)).toMatchObject({
    ...{ amount: 1000, currency: 'USD', base_amount: 83_250, base_currency: 'INR', international: true, fee: 1965 },
  })
  const yen = await paid(1001, { currency: 'JPY' })
  expect(await sdk.payments.fetch(yen.paymentId)).toMatchObject({ base_amount: 55_605 })
  // Thirds of an amount that three does not divide, together all of it.
  for (const amount of [333, 333, 334]) await sdk.payments.refund(usd.paymentId, { amount })
  razorpay.processRefunds()
  expect(razorpay.balances().outside.payers).toBe(-55_605n)
})

test('requests without the keys are refused', async () => {
  const { sandbox } = await openRazorpay()
  const answer = await fetch(`${sandbox.razorpay.url}/v1/payments`)
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({ error: { description: 'Authentication failed' } })
})

test.each([
  ['pay_nope', 'nope is not a valid id'],
  ['pay_00000000000000', 'The id provided does not exist'],
  ['order_00000000000000', 'order_00000000000000 is not a valid id'],
])('there is no payment %s', async (id, description) => {
  const { sdk } = await openRazorpay()
  await expect(sdk.payments.fetch(id)).rejects.toMatchObject({ statusCode: 400, error: { description } })
})

test('lists are paged, newest first', async () => {
  const { sdk, clock } = await openRazorpay()
  for (const receipt of ['1', '2', '3']) {
    await sdk.orders.create({ amount: 100, currency: 'INR', receipt })
    await clock.advance(1000)
  }
  const receipts = async (query: object) => (await sdk.orders.all(query)).items.map(({ receipt }) => receipt)
  const second = Math.floor(clock.now() / 1000) - 2
  expect(await receipts({})).toEqual(['3', '2', '1'])
  expect(await receipts({ count: 1, skip: 1 })).toEqual(['2'])
  expect(await receipts({ from: second })).toEqual(['3', '2'])
  expect(await receipts({ to: second })).toEqual(['2', '1'])
  await expect(sdk.orders.all({ count: 101 })).rejects.toMatchObject({ error: { field: 'count' } })
})
