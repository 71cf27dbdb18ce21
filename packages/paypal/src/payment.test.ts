import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { paymentOf } from './payment.js'

const amountOf = (value: string, currency_code = 'USD') => ({ currency_code, value })

const capture = (given: object = {}) => ({
  id: '3C679366HH908993F',
  status: 'COMPLETED',
  amount: amountOf('10.00'),
  create_time: '2026-11-02T09:00:00Z',
  ...given,
})

describe('a payment', () => {
  test('has no fee until PayPal tells it, nor one of nothing', () => {
    expect(paymentOf(capture({ status: 'PENDING' }), undefined)).toMatchObject({ state: 'created', fee: null })
    const free = capture({ seller_receivable_breakdown: { paypal_fee: amountOf('0.00') } })
    expect(paymentOf(free, undefined)).toMatchObject({ fee: null, received: null })
  })

  test('whose fee is taken in the currency that arrives has it so', () => {
    const breakdown = {
      paypal_fee: amountOf('0.84'),
      paypal_fee_in_receivable_currency: amountOf('0.77', 'EUR'),
      net_amount: amountOf('9.16'),
      receivable_amount: amountOf('8.24', 'EUR'),
    }
    expect(paymentOf(capture({ seller_receivable_breakdown: breakdown }), undefined)).toMatchObject({
      received: money('9.01', 'EUR'),
      fee: { fee: money('0.77', 'EUR'), tax: money('0.00', 'EUR') },
    })
  })

  test('was made when PayPal says, in whatever zone', () => {
    const at = Date.UTC(2026, 10, 2, 9)
    for (const create_time of ['2026-11-02T09:00:00Z', '2026-11-02T01:00:00-08:00', '2026-11-02T14:30:00+0530']) {
      expect(paymentOf(capture({ create_time }), undefined).at).toBe(at)
    }
  })

  test('names its order by what is there', () => {
    const links = [{ rel: 'up', href: 'https://api-m.paypal.com/v2/checkout/orders/5O190127TN364715T' }]
    const related = { related_ids: { order_id: '8GB67279RC051624C' } }
    expect(paymentOf(capture({ links }), undefined).order).toBe('5O190127TN364715T')
    expect(paymentOf(capture({ links, supplementary_data: related }), undefined).order).toBe('8GB67279RC051624C')
    expect(paymentOf(capture(), undefined).order).toBeNull()
    const elsewhere = [{ rel: 'up', href: 'https://api-m.paypal.com/v2/checkout/orders/..%2Fx' }]
    expect(paymentOf(capture({ links: elsewhere }), undefined).order).toBeNull()
  })

  test.each<[string, object]>([
    ['is COUNTERFEIT, which is not known', { status: 'COUNTERFEIT' }],
    ['has no amount', { amount: undefined }],
    ['has 3 decimals', { amount: amountOf('10.005') }],
    ['has no amount in amount', { amount: { value: '10.00' } }],
    ['does not tell when', { create_time: 'today' }],
    ['does not tell how much', { status: 'PARTIALLY_REFUNDED' }],
    ['has no id', { id: 7 }],
  ])('that %s is not read at all', (message, given) => {
    expect(() => paymentOf(capture(given), undefined)).toThrow(message)
  })
})
