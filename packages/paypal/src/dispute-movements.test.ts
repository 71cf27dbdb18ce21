import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { clawbackOfDispute, isToldByOutcome } from './dispute-movements.js'

const amountOf = (value: string) => ({ currency_code: 'USD', value })

const dispute = (given: object = {}) => ({
  dispute_id: 'PP-D-4012',
  create_time: '2026-11-02T09:00:00.700Z',
  update_time: '2026-11-09T09:00:00.000Z',
  status: 'RESOLVED',
  dispute_amount: amountOf('100.00'),
  disputed_transactions: [{ seller_transaction_id: '3C679366HH908993F' }],
  dispute_outcome: { outcome_code: 'RESOLVED_BUYER_FAVOUR', amount_refunded: amountOf('100.00') },
  ...given,
})
const debit = { affected_party: 'SELLER', amount: amountOf('80.00'), type: 'DEBIT', reason: 'DISPUTE_SETTLEMENT' }
const refund = (value: string, create_time: string) => ({ amount: amountOf(value), create_time })
const told = (body: object, refunds: readonly object[] = []) => clawbackOfDispute(body, { refunds, partner: null })

describe('what a dispute took', () => {
  test('is what its movements say, whatever was refunded', () => {
    const body = dispute({ money_movements: [debit] })
    expect(isToldByOutcome(body)).toBe(false)
    expect(told(body, [refund('20.00', '2026-11-03T09:00:00Z')])).toMatchObject({
      taken: money('80.00', 'USD'),
      final: true,
      at: Date.parse('2026-11-09T09:00:00Z'),
    })
  })

  test('is what the payer got, where no movement of the seller is told', () => {
    const ofBuyer = { ...debit, affected_party: 'BUYER', type: 'CREDIT' }
    for (const body of [dispute(), dispute({ money_movements: [ofBuyer] })]) {
      expect(isToldByOutcome(body)).toBe(true)
      expect(told(body)).toMatchObject({ taken: money('100.00', 'USD') })
    }
  })

  test('is not what the seller has refunded since it was opened', () => {
    const before = refund('10.00', '2026-11-02T08:59:59Z')
    expect(told(dispute(), [before])).toMatchObject({ taken: money('100.00', 'USD') })
    // Made in the second in which it was opened: PayPal tells no part of that.
    const within = refund('30.00', '2026-11-02T09:00:00Z')
    expect(told(dispute(), [before, within])).toMatchObject({ taken: money('70.00', 'USD') })
    const whole = refund('100.00', '2026-11-03T09:00:00Z')
    expect(told(dispute(), [whole])).toMatchObject({ taken: money('0.00', 'USD'), final: true })
    expect(told(dispute(), [within, whole])).toMatchObject({ taken: money('0.00', 'USD') })
  })

  test('is nothing where the seller has won it, or nobody yet', () => {
    for (const outcome_code of ['RESOLVED_SELLER_FAVOUR', 'CANCELED_BY_BUYER', 'RESOLVED_WITH_PAYOUT']) {
      const body = dispute({ dispute_outcome: { outcome_code, amount_refunded: amountOf('100.00') } })
      expect(isToldByOutcome(body)).toBe(false)
      expect(told(body)).toMatchObject({ taken: money('0.00', 'USD'), final: true })
    }
    const open = dispute({ status: 'UNDER_REVIEW', dispute_outcome: undefined })
    expect(told(open)).toMatchObject({ taken: money('0.00', 'USD'), final: false })
  })

  test('is not read where PayPal does not tell when it was opened', () => {
    expect(() => told(dispute({ create_time: undefined }))).toThrow(
      'PayPal does not tell when dispute PP-D-4012 was opened',
    )
  })
})
