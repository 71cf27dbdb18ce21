import { add, type CallFee, fromMinor, type GatewayPayment, type Money, zero } from 'escrow-ledger'
import { instantAt, linkOf, listAt, requiredText, textAt, valueAt } from './json-path.js'
import type { Partner } from './partner.js'
import { idInLink, isResourceId } from './resource-id.js'
import { sellerOf, sellerPart } from './seller-part.js'
import { moneyAt, requiredMoney, sumOf } from './wire-money.js'

const states: Readonly<Record<string, GatewayPayment['state']>> = {
  COMPLETED: 'captured',
  PARTIALLY_REFUNDED: 'captured',
  REFUNDED: 'captured',
  PENDING: 'created',
  DECLINED: 'failed',
  FAILED: 'failed',
}

/**
 * A payment out of PayPal's capture, and of the order that it belongs to, where that is known. What a seller's account makes
 * of another currency is the seller's own affair: it is all in the payment's.
 */
export function paymentOf(capture: unknown, order: unknown, partner: Partner | null = null): GatewayPayment {
  const reference = requiredText(capture, 'id')
  const status = requiredText(capture, 'status')
  const state = states[status]
  if (state === undefined) throw new Error(`the payment ${reference} is ${status}, which is not known`)
  const amount = requiredMoney(capture, 'amount')
  return {
    reference,
    // What the capture says itself counts first: whoever asked for it may have named another order.
    order: orderOfCapture(capture) ?? textAt(order, 'id'),
    orderKey: textAt(capture, 'custom_id') ?? textAt(order, 'purchase_units', 0, 'custom_id'),
    state,
    amount,
    ...partsOf(capture, { amount, state, seller: sellerOf(capture, order, partner) }),
    refunded: refundedOf(capture, amount, order),
    at: instantAt(capture, 'create_time') ?? missingTime(reference),
  }
}

interface Divided extends Pick<GatewayPayment, 'amount' | 'state'> {
  readonly seller: string | null
}

function partsOf(
  capture: unknown,
  { amount, state, seller }: Divided,
): Pick<GatewayPayment, 'received' | 'fee' | 'payeePart'> {
  const breakdown = valueAt(capture, 'seller_receivable_breakdown')
  if (seller === null) return proceedsOf(breakdown, amount)
  const own = { received: null, fee: feeOf(moneyAt(breakdown, 'paypal_fee')) }
  return state === 'captured' ? { ...own, payeePart: sellerPart(capture, seller) } : own
}

/** PayPal's id of the order of a capture; null where the capture does not name it. */
export function orderOfCapture(capture: unknown): string | null {
  const related = textAt(capture, 'supplementary_data', 'related_ids', 'order_id')
  if (related !== null && isResourceId(related)) return related
  return idInLink(linkOf(capture, 'up'), 'orders')
}

/**
 * The fee, and what arrived where PayPal changed the money into another currency. It takes its fee first and changes what
 * is left; here both are in the currency that arrived, so that the one less the other is what PayPal credited:
 *
 * | | |
 * | --- | --- |
 * | paid | 10.00 USD |
 * | fee 0.84 USD, at 0.9 | 0.76 EUR |
 * | credited 9.16 USD, at 0.9 | 8.24 EUR |
 * | received | 9.00 EUR |
 */
function proceedsOf(breakdown: unknown, amount: Money): Pick<GatewayPayment, 'received' | 'fee'> {
  const fee = moneyAt(breakdown, 'paypal_fee')
  const credited = moneyAt(breakdown, 'receivable_amount')
  const ownFee = moneyAt(breakdown, 'paypal_fee_in_receivable_currency')
  if (credited === null || credited.currency === amount.currency) return { received: null, fee: feeOf(fee) }
  const changed = ownFee ?? (fee === null ? zero(credited.currency) : exchanged(fee, credited, breakdown))
  return { received: add(credited, changed), fee: feeOf(changed) }
}

/** A fee as PayPal's rate changes it: in proportion to what was left of the payment, which it changed the same way. */
function exchanged(fee: Money, credited: Money, breakdown: unknown): Money {
  const net = requiredMoney(breakdown, 'net_amount')
  if (net.minor <= 0n) return zero(credited.currency)
  const minor = (fee.minor * credited.minor * 2n + net.minor) / (net.minor * 2n)
  return fromMinor(minor, credited.currency)
}

/** PayPal tells no tax apart. A fee of nothing is none. */
export function feeOf(fee: Money | null): CallFee | null {
  return fee === null || fee.minor === 0n ? null : { fee, tax: zero(fee.currency) }
}

/**
 * A capture tells only whether money has gone back: how much stands with the refunds of its order. What a dispute took is no
 * refund, and is told with the dispute.
 */
function refundedOf(capture: unknown, amount: Money, order: unknown): Money {
  const status = textAt(capture, 'status')
  if (status === 'REFUNDED') return amount
  if (status !== 'PARTIALLY_REFUNDED') return zero(amount.currency)
  const reference = requiredText(capture, 'id')
  const refunded = sumOf(
    refundsOfCapture(order, reference).map((refund) => requiredMoney(refund, 'amount')),
    amount.currency,
  )
  if (order !== undefined) return refunded
  throw new Error(`PayPal does not tell how much of payment ${reference} has gone back`)
}

/** The refunds of a capture in its order, those under way too. */
export const refundsOfCapture = (order: unknown, reference: string): readonly unknown[] =>
  refundsIn(order).filter(
    (refund) =>
      idInLink(linkOf(refund, 'up'), 'captures') === reference && !cameToNothing.has(textAt(refund, 'status')),
  )

const cameToNothing: ReadonlySet<string | null> = new Set(['FAILED', 'CANCELLED'])

/** All refunds of an order, in the order in which PayPal lists them. */
export const refundsIn = (order: unknown): readonly unknown[] =>
  listAt(order, 'purchase_units').flatMap((unit) => listAt(unit, 'payments', 'refunds'))

function missingTime(reference: string): never {
  throw new Error(`PayPal does not tell when payment ${reference} was made`)
}
