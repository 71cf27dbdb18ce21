import { CheckoutPaymentIntent, OrdersController, PaymentsController } from '@paypal/paypal-server-sdk'
import { describe, expect, test } from 'vitest'
import { createCaller } from './caller.js'
import { clientOf } from './client.js'
import { DAY, HOUR, openSandbox, orderOf, payFor, usd, whole } from './open-sandbox.js'

const issueOf = (answer: { status: number; body: { details?: { issue: string }[] } }) =>
  `${answer.status} ${answer.body.details?.[0]?.issue}`

describe('an order, with the official SDK', () => {
  test('is created, approved, captured, refunded in part, and read', async () => {
    const { sandbox, paypal } = await openSandbox()
    const client = clientOf(sandbox)
    const [orders, payments] = [new OrdersController(client), new PaymentsController(client)]
    const created = await orders.createOrder({
      prefer: 'return=representation',
      paypalRequestId: 'order-1',
      body: {
        intent: CheckoutPaymentIntent.Capture,
        purchaseUnits: [
          { amount: { currencyCode: 'USD', value: '100.00' }, customId: 'deal-1', invoiceId: 'invoice-1' },
        ],
      },
    })
    expect(created.statusCode).toBe(201)
    const id = created.result.id ?? ''
    paypal.approve(id)
    const captured = await orders.captureOrder({ id, prefer: 'return=representation', paypalRequestId: 'capture-1' })
    const capture = captured.result.purchaseUnits?.[0]?.payments?.captures?.[0]
    expect(captured.result.status).toBe('COMPLETED')
    expect(capture).toMatchObject({ status: 'COMPLETED', customId: 'deal-1', invoiceId: 'invoice-1' })
    // 3.49 % and 0.49.
    expect(capture?.sellerReceivableBreakdown).toMatchObject({
      grossAmount: { currencyCode: 'USD', value: '100.00' },
      paypalFee: { currencyCode: 'USD', value: '3.98' },
      netAmount: { currencyCode: 'USD', value: '96.02' },
    })
    const refunded = await payments.refundCapturedPayment({
      captureId: capture?.id ?? '',
      prefer: 'return=representation',
      paypalRequestId: 'refund-1',
      body: { amount: { currencyCode: 'USD', value: '40.00' } },
    })
    expect(refunded.result).toMatchObject({
      status: 'COMPLETED',
      sellerPayableBreakdown: {
        grossAmount: { value: '40.00' },
        paypalFee: { value: '0.00' },
        netAmount: { value: '40.00' },
        totalRefundedAmount: { value: '40.00' },
      },
    })
    const read = await payments.getCapturedPayment({ captureId: capture?.id ?? '' })
    expect(read.result.status).toBe('PARTIALLY_REFUNDED')
    const refund = await payments.getRefund({ refundId: refunded.result.id ?? '' })
    expect(refund.result.status).toBe('COMPLETED')
    expect(paypal.balances()).toEqual({
      [`balance:${paypal.merchantId}`]: { USD: 5602n },
      'outside:payers': { USD: -6000n },
      'outside:paypal-fees': { USD: 398n },
    })
  })

  test('says only what it must unless more is asked for', async () => {
    const { paypal, call } = await openSandbox()
    const { body } = await call('POST', '/v2/checkout/orders', orderOf('1.00'))
    expect(Object.keys(body)).toEqual(['id', 'status', 'links'])
    paypal.approve(body.id)
    const captured = await call('POST', `/v2/checkout/orders/${body.id}/capture`)
    expect(Object.keys(captured.body)).toEqual(['id', 'status', 'links'])
  })
})

describe('what is refused', () => {
  test.each([
    [{}, '400 MISSING_REQUIRED_PARAMETER'],
    [{ intent: 'SALE' }, '400 INVALID_PARAMETER_VALUE'],
    [{ intent: 'CAPTURE', purchase_units: [] }, '400 INVALID_ARRAY_MIN_ITEMS'],
    [orderOf('0.00'), '422 CANNOT_BE_ZERO_OR_NEGATIVE'],
    [orderOf('1.001'), '422 DECIMAL_PRECISION'],
    [orderOf('1.00', { amount: { currency_code: 'JPY', value: '1.5' } }), '422 DECIMALS_NOT_SUPPORTED'],
    [orderOf('1.00', { amount: { currency_code: 'XXX', value: '1' } }), '422 INVALID_CURRENCY_CODE'],
    [orderOf('1.00', { amount: { ...usd('1.00'), breakdown: { item_total: usd('0.99') } } }), '422 AMOUNT_MISMATCH'],
    [orderOf('1.00', { payee: { merchant_id: 'ABCDEFGHJKLMN' } }), '422 PAYEE_ACCOUNT_INVALID'],
    [orderOf('1.00', { custom_id: 'x'.repeat(128) }), '400 INVALID_STRING_MAX_LENGTH'],
  ])('in a new order: %j', async (body, expected) => {
    const { sandbox, call } = await openSandbox()
    expect(issueOf(await call('POST', '/v2/checkout/orders', body))).toBe(expected)
    // The requests break the contract on purpose.
    sandbox.log.clear()
  })

  test('of a capture', async () => {
    const { paypal, call } = await openSandbox()
    const capture = (id: string) => call('POST', `/v2/checkout/orders/${id}/capture`, {})
    expect(issueOf(await capture('5O190127TN364715T'))).toBe('404 INVALID_RESOURCE_ID')
    const first = await call('POST', '/v2/checkout/orders', orderOf('1.00', { invoice_id: 'i-1' }))
    expect(issueOf(await capture(first.body.id))).toBe('422 ORDER_NOT_APPROVED')
    paypal.approve(first.body.id)
    expect((await capture(first.body.id)).status).toBe(201)
    expect(issueOf(await capture(first.body.id))).toBe('422 ORDER_ALREADY_CAPTURED')
    const second = await call('POST', '/v2/checkout/orders', orderOf('1.00', { invoice_id: 'i-1' }))
    paypal.approve(second.body.id)
    expect(issueOf(await capture(second.body.id))).toBe('422 DUPLICATE_INVOICE_ID')
    const third = await call('POST', '/v2/checkout/orders', orderOf('1.00'))
    paypal.approve(third.body.id, { outcome: { status: 'DECLINED' } })
    expect(issueOf(await capture(third.body.id))).toBe('422 INSTRUMENT_DECLINED')
    paypal.approve(third.body.id)
    expect((await capture(third.body.id)).status).toBe(201)
  })

  test('of a refund', async () => {
    const open = await openSandbox()
    const refund = async (id: string, body: object = {}) =>
      issueOf(await open.call('POST', `/v2/payments/captures/${id}/refund`, body))
    const pending = await payFor(open, '10.00', { outcome: { status: 'PENDING', reason: 'ECHECK' } })
    expect(pending.capture).not.toHaveProperty('seller_receivable_breakdown')
    expect(await refund(pending.capture.id)).toBe('422 PENDING_CAPTURE')
    open.paypal.denyCapture(pending.capture.id)
    expect(await refund(pending.capture.id)).toBe('422 REFUND_NOT_ALLOWED')
    const { capture } = await payFor(open, '10.00')
    expect(await refund(capture.id, { amount: usd('10.01') })).toBe('422 REFUND_AMOUNT_EXCEEDED')
    expect(await refund(capture.id, { amount: { currency_code: 'EUR', value: '1.00' } })).toBe(
      '422 REFUND_CAPTURE_CURRENCY_MISMATCH',
    )
    expect(await refund(capture.id)).toBe('422 REFUND_FAILED_INSUFFICIENT_FUNDS')
    open.paypal.topUp({ currency: 'USD', amountMinor: 100n })
    expect((await open.call('POST', `/v2/payments/captures/${capture.id}/refund`, {})).status).toBe(201)
    expect(await refund(capture.id)).toBe('422 CAPTURE_FULLY_REFUNDED')
    const late = await payFor(open, '10.00')
    await open.sandbox.clock.advance(181 * DAY)
    // The token has expired by then.
    expect((await open.call('GET', `/v2/payments/captures/${late.capture.id}`)).status).toBe(401)
    const call = createCaller(open.sandbox)
    expect(issueOf(await call('POST', `/v2/payments/captures/${late.capture.id}/refund`, {}))).toBe(
      '422 REFUND_TIME_LIMIT_EXCEEDED',
    )
  })

  test('when an order has waited for three hours', async () => {
    const { sandbox, call } = await openSandbox()
    const { body } = await call('POST', '/v2/checkout/orders', orderOf('1.00'))
    await sandbox.clock.advance(3 * HOUR)
    expect(issueOf(await call('GET', `/v2/checkout/orders/${body.id}`))).toBe('404 INVALID_RESOURCE_ID')
  })
})

describe('PayPal-Request-Id', () => {
  test('creates one order in six hours', async () => {
    const { sandbox, call } = await openSandbox({ orderLifetimeMs: DAY })
    const create = (value: string) => call('POST', '/v2/checkout/orders', orderOf(value), { 'paypal-request-id': 'k' })
    const first = await create('1.00')
    await sandbox.clock.advance(6 * HOUR - 1)
    const again = await create('1.00')
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body.id).toBe(first.body.id)
    await sandbox.clock.advance(1)
    expect((await create('1.00')).body.id).not.toBe(first.body.id)
  })

  test('is for one request', async () => {
    const { sandbox, call } = await openSandbox()
    const create = (value: string) => call('POST', '/v2/checkout/orders', orderOf(value), { 'paypal-request-id': 'k' })
    await create('1.00')
    expect(await create('2.00')).toMatchObject({ status: 400, body: { name: 'DUPLICATE_REQUEST_ID' } })
    expect(sandbox.log.all().filter(({ operation }) => operation === 'createOrder')).toHaveLength(2)
    sandbox.log.clear()
  })

  test('makes one refund, and answers with what has become of it', async () => {
    const open = await openSandbox({ refundDelayMs: DAY / 24 })
    const { capture } = await payFor(open, '10.00')
    const refund = () =>
      open.call(
        'POST',
        `/v2/payments/captures/${capture.id}/refund`,
        { amount: usd('4.00') },
        { 'paypal-request-id': 'r' },
      )
    const first = await refund()
    await open.sandbox.clock.advance(HOUR)
    const again = await refund()
    expect([first.body.status, again.body.status]).toEqual(['PENDING', 'COMPLETED'])
    expect(again.body.id).toBe(first.body.id)
    expect(open.paypal.balances()['outside:payers']).toEqual({ USD: -600n })
  })

  test('captures once, and is no key after a refusal', async () => {
    const { paypal, call } = await openSandbox()
    const { body } = await call('POST', '/v2/checkout/orders', orderOf('10.00'))
    const capture = () =>
      call('POST', `/v2/checkout/orders/${body.id}/capture`, {}, { ...whole, 'paypal-request-id': 'c' })
    expect(issueOf(await capture())).toBe('422 ORDER_NOT_APPROVED')
    paypal.approve(body.id)
    const [first, again] = [await capture(), await capture()]
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(first.body)
    expect(paypal.balances()['outside:payers']).toEqual({ USD: -1000n })
  })
})

describe('what a payment leaves', () => {
  test('without decimals in yen', async () => {
    const open = await openSandbox()
    const { capture } = await payFor(open, '', { unit: { amount: { currency_code: 'JPY', value: '1000' } } })
    expect(capture.seller_receivable_breakdown).toMatchObject({
      paypal_fee: { currency_code: 'JPY', value: '84' },
      net_amount: { currency_code: 'JPY', value: '916' },
    })
  })

  test('in the currency that the payee holds', async () => {
    const rate = { from: 'EUR', to: 'USD', value: '1.071234567890123' }
    const open = await openSandbox({ exchangeRates: [rate], paymentFee: { basisPoints: 0 } })
    const { capture } = await payFor(open, '', { unit: { amount: { currency_code: 'EUR', value: '100.00' } } })
    expect(capture.seller_receivable_breakdown).toMatchObject({
      receivable_amount: usd('107.12'),
      exchange_rate: { source_currency: 'EUR', target_currency: 'USD', value: rate.value },
    })
    const refund = await open.call('POST', `/v2/payments/captures/${capture.id}/refund`, {}, whole)
    expect(refund.body.seller_payable_breakdown.net_amount_breakdown[0].payable_amount).toEqual(usd('107.12'))
    expect(open.paypal.balances()[`balance:${open.paypal.merchantId}`]).toEqual({ USD: 0n })
  })
})
