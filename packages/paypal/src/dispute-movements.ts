import { type CallFee, type GatewayClawback, type Money, subtract, zero } from 'escrow-ledger'
import { instantAt, listAt, requiredText, textAt } from './json-path.js'
import type { Partner } from './partner.js'
import { moneyAt, requiredMoney, sumOf } from './wire-money.js'

/** Money movements that are a charge of PayPal's, not the payer's money. */
const charges: ReadonlySet<string | null> = new Set(['DISPUTE_FEE', 'DISPUTE_SETTLEMENT_FEE', 'CHARGEBACK_FEE'])

/**
 * What a dispute took from the seller, by the movements of money that PayPal tells with it; where it tells none, what the
 * payer got in a dispute that the payer has won, less what of that the seller refunded. What PayPal keeps back while it
 * looks into one is still in the account. `refunds` are those of the payment; they count where `isToldByOutcome`.
 */
export function clawbackOfDispute(
  dispute: unknown,
  { refunds, partner }: { readonly refunds: readonly unknown[]; readonly partner: Partner | null },
): GatewayClawback {
  const reference = requiredText(dispute, 'dispute_id')
  const payment = paymentOfDispute(dispute)
  const openedAt = instantAt(dispute, 'create_time')
  if (openedAt === undefined) throw new Error(`PayPal does not tell when dispute ${reference} was opened`)
  const at = instantAt(dispute, 'update_time') ?? openedAt
  const { currency } = requiredMoney(dispute, 'dispute_amount')
  const movements = movementsOfSeller(dispute)
  const taken = isToldByOutcome(dispute)
    ? atLeastZero(subtract(givenToPayer(dispute, currency), refundedSince(refunds, openedAt, currency)))
    : sumTaken(movements, currency, false)
  return {
    kind: 'dispute',
    reference,
    payment,
    key: null,
    taken,
    final: textAt(dispute, 'status') === 'RESOLVED',
    fee: feeOf(sumTaken(movements, currency, true)),
    ...(isOfSeller(dispute, partner) ? { payeePart: taken } : {}),
    at,
  }
}

export const paymentOfDispute = (dispute: unknown): string =>
  requiredText(dispute, 'disputed_transactions', 0, 'seller_transaction_id')

/**
 * Whether only its outcome tells what a dispute took: that the payer has won it. The payer's money may have come from a
 * refund then, which ends a dispute as well and is posted by itself.
 */
export const isToldByOutcome = (dispute: unknown): boolean =>
  movementsOfSeller(dispute).length === 0 && outcomeOf(dispute) === 'RESOLVED_BUYER_FAVOUR'

const outcomeOf = (dispute: unknown) => textAt(dispute, 'dispute_outcome', 'outcome_code')

const movementsOfSeller = (dispute: unknown): readonly unknown[] =>
  listAt(dispute, 'money_movements').filter((each) => textAt(each, 'affected_party') === 'SELLER')

/** Debits less credits, of charges or of everything else. Throws for a currency that is not the payment's. */
function sumTaken(movements: readonly unknown[], currency: string, ofCharges: boolean): Money {
  const own = movements.filter((each) => charges.has(textAt(each, 'reason')) === ofCharges)
  const sum = (type: string) =>
    sumOf(
      own.filter((each) => textAt(each, 'type') === type).map((each) => requiredMoney(each, 'amount')),
      currency,
    )
  return atLeastZero(subtract(sum('DEBIT'), sum('CREDIT')))
}

const atLeastZero = (amount: Money): Money => (amount.minor < 0n ? zero(amount.currency) : amount)

const givenToPayer = (dispute: unknown, currency: string): Money =>
  moneyAt(dispute, 'dispute_outcome', 'amount_refunded') ?? zero(currency)

/** PayPal tells the time of a refund in whole seconds. */
function refundedSince(refunds: readonly unknown[], openedAt: number, currency: string): Money {
  const from = Math.floor(openedAt / 1000) * 1000
  const since = refunds.filter((refund) => (instantAt(refund, 'create_time') ?? 0) >= from)
  return sumOf(
    since.map((refund) => requiredMoney(refund, 'amount')),
    currency,
  )
}

const feeOf = (fee: Money): CallFee | null => (fee.minor === 0n ? null : { fee, tax: zero(fee.currency) })

/** Whether the payment went to a seller's own account, which then bears it. */
function isOfSeller(dispute: unknown, partner: Partner | null): boolean {
  if (partner === null) return false
  const seller = textAt(dispute, 'disputed_transactions', 0, 'seller', 'merchant_id')
  return seller !== null && seller !== partner.merchantId
}
