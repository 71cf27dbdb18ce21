import type { Money, PayeePart } from 'escrow-ledger'
import { subtract } from 'escrow-ledger'
import { LONGEST_HOLD_MS } from './disbursements.js'
import { instantAt, listAt, requiredText, textAt, valueAt } from './json-path.js'
import type { Partner } from './partner.js'
import { requiredMoney, sumOf } from './wire-money.js'

/**
 * The seller that a payment went to, by PayPal's id; null where it went to the platform itself. Throws where PayPal does
 * not tell: the capture by itself names its payee, and else its order does.
 */
export function sellerOf(capture: unknown, order: unknown, partner: Partner | null): string | null {
  if (partner === null) return null
  const payee = textAt(capture, 'payee', 'merchant_id') ?? textAt(order, 'purchase_units', 0, 'payee', 'merchant_id')
  if (payee === null) throw new Error(`PayPal does not tell whom payment ${requiredText(capture, 'id')} went to`)
  return payee === partner.merchantId ? null : payee
}

/**
 * What a seller got of a payment that has arrived: what PayPal's fee and the platform's have left of it, in the currency of
 * the payment, whatever the seller's account holds it in.
 */
export function sellerPart(capture: unknown, seller: string): PayeePart {
  const at = instantAt(capture, 'create_time') ?? 0
  const isHeld = textAt(capture, 'disbursement_mode') === 'DELAYED'
  return {
    account: seller,
    amount: requiredMoney(capture, 'seller_receivable_breakdown', 'net_amount'),
    heldUntil: isHeld ? at + LONGEST_HOLD_MS : null,
  }
}

/**
 * What the seller gave of a refund: all that the platform did not give of its fee. Undefined where the payment was the
 * platform's own. Of one whose merchant PayPal does not tell it is told all the same: it counts only where the payment has
 * come with a transfer.
 */
export function sellerPartOfRefund(refund: unknown, partner: Partner | null): Money | undefined {
  if (partner === null || textAt(refund, 'payer', 'merchant_id') === partner.merchantId) return undefined
  const breakdown = valueAt(refund, 'seller_payable_breakdown')
  const amount = requiredMoney(refund, 'amount')
  if (breakdown === undefined) throw new Error(`PayPal does not tell who paid refund ${requiredText(refund, 'id')}`)
  const fees = listAt(breakdown, 'platform_fees').map((fee) => requiredMoney(fee, 'amount'))
  return subtract(amount, sumOf(fees, amount.currency))
}
