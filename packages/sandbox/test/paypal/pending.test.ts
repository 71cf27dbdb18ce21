import { describe, expect, test } from 'vitest'
import { inTheNameOf } from './auth-assertion.js'
import { openSandbox, orderOf, payFor, usd, whole } from './open-sandbox.js'

const free = { paymentFee: { basisPoints: 0 } }

describe('a payment that is pending', () => {
  test('moves nothing until it arrives', async () => {
    const open = await openSandbox(free)
    const { capture } = await payFor(open, '10.00', { outcome: { status: 'PENDING', reason: 'ECHECK' } })
    expect(capture).toMatchObject({ status: 'PENDING', status_details: { reason: 'ECHECK' } })
    expect(open.paypal.balances()).toEqual({})
    open.paypal.completeCapture(capture.id)
    const { body } = await open.call('GET', `/v2/payments/captures/${capture.id}`)
    expect(body).toMatchObject({ status: 'COMPLETED', seller_receivable_breakdown: { net_amount: usd('10.00') } })
    expect(() => open.paypal.completeCapture(capture.id)).toThrow('COMPLETED')
    expect(open.paypal.balances()[`balance:${open.paypal.merchantId}`]).toEqual({ USD: 1000n })
    expect(open.sandbox.webhooks.all().map(({ event }) => event)).toEqual([
      'CHECKOUT.ORDER.APPROVED',
      'PAYMENT.CAPTURE.PENDING',
      'PAYMENT.CAPTURE.COMPLETED',
    ])
  })
})

describe('a refund that is pending', () => {
  test('fails, and everything is as it was before it', async () => {
    const open = await openSandbox({ ...free, refundDelayMs: 60_000 })
    const seller = open.paypal.onboardSeller()
    const unit = { payee: { merchant_id: seller }, payment_instruction: { platform_fees: [{ amount: usd('1.00') }] } }
    const { capture } = await payFor(open, '10.00', { unit })
    const before = open.paypal.balances()
    const path = `/v2/payments/captures/${capture.id}/refund`
    const refund = await open.call('POST', path, { amount: usd('4.00') }, inTheNameOf(seller))
    expect(refund.body.status).toBe('PENDING')
    open.paypal.failRefund(refund.body.id)
    await open.sandbox.clock.advance(60_000)
    expect((await open.call('GET', `/v2/payments/refunds/${refund.body.id}`)).body.status).toBe('FAILED')
    expect((await open.call('GET', `/v2/payments/captures/${capture.id}`)).body.status).toBe('COMPLETED')
    expect(open.paypal.balances()).toEqual(before)
  })
})

describe('an order with two payees', () => {
  test('pays both, or refuses both', async () => {
    const { paypal, call } = await openSandbox(free)
    const unitOf = (value: string, merchant_id: string) => ({
      ...{ reference_id: merchant_id, amount: usd(value), invoice_id: 'i-1' },
      payee: { merchant_id },
    })
    const [a, b] = [paypal.onboardSeller(), paypal.onboardSeller()]
    const pay = async (...units: object[]) => {
      const order = await call('POST', '/v2/checkout/orders', { intent: 'CAPTURE', purchase_units: units })
      paypal.approve(order.body.id)
      return call('POST', `/v2/checkout/orders/${order.body.id}/capture`, {}, whole)
    }
    const paid = await pay(unitOf('1.00', a), unitOf('2.00', b))
    expect(paid.body.purchase_units.map((unit: { payments: object }) => unit.payments)).toMatchObject([
      { captures: [{ amount: usd('1.00') }] },
      { captures: [{ amount: usd('2.00') }] },
    ])
    const other = { ...unitOf('3.00', paypal.onboardSeller()), invoice_id: 'i-2' }
    expect((await pay(other, unitOf('2.00', b))).body.details[0].issue).toBe('DUPLICATE_INVOICE_ID')
    expect(paypal.balances()['outside:payers']).toEqual({ USD: -300n })
  })

  test.each([
    [{ reference_id: 'a' }, 'REFERENCE_ID_REQUIRED', {}],
    [{ reference_id: 'a' }, 'DUPLICATE_REFERENCE_ID', { reference_id: 'a' }],
    [
      { reference_id: 'a' },
      'MULTI_CURRENCY_ORDER',
      { reference_id: 'b', amount: { currency_code: 'EUR', value: '1.00' } },
    ],
  ])('needs them told apart, in one currency: %j %s', async (first, issue, second) => {
    const { call } = await openSandbox()
    const [unit] = orderOf('1.00').purchase_units
    const body = {
      intent: 'CAPTURE',
      purchase_units: [
        { ...unit, ...first },
        { ...unit, ...second },
      ],
    }
    expect((await call('POST', '/v2/checkout/orders', body)).body.details[0].issue).toBe(issue)
  })
})
