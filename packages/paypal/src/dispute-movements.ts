import { type CallFee, type GatewayClawback, type Money, subtract, zero } from 'escrow-ledger'
import { instantAt, listAt, requiredText, textAt } from './json-path.js'
import type { Partner } from './partner.js'
import { moneyAt, requiredMoney, sumOf } from './wire-money.js'

/** Money movements that are a charge of PayPal's, not the payer's money. */
const charges: ReadonlySet<string | null> = new Set(['DISPUTE_FEE', 'DISPUTE_SETTLEMENT_FEE', 'CHARGEBACK_FEE'])

/**
 * What a dispute took from the seller, by the movements of money that PayPal tells with it; where it tells none, what it
 * gave the payer in a dispute that the payer has won. What PayPal keeps back while it looks into one is still in the account.
 */
export function clawbackOfDispute(dispute: unknown, partner: Partner | null): GatewayClawback {
  const reference = requiredText(dispute, 'dispute_id')
  const payment = requiredText(dispute, 'disputed_transactions', 0, 'seller_transaction_id')
  const at = instantAt(dispute, 'update_time') ?? instantAt(dispute, 'create_time')
  if (at === undefined) throw new Error(`PayPal does not tell when dispute ${reference} was opened`)
  const { currency } = requiredMoney(dispute, 'dispute_amount')
  const movements = listAt(dispute, 'money_movements').filter((each) => textAt(each, 'affected_party') === 'SELLER')
  const taken = movements.length > 0 ? sumTaken(movements, currency, false) : givenToPayer(dispute, currency)
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

/** Debits less credits, of charges or of everything else. Throws for a currency that is not the payment's. */
function sumTaken(movements: readonly unknown[], currency: string, ofCharges: boolean): Money {
  const own = movements.filter((each) => charges.has(textAt(each, 'reason')) === ofCharges)
  const sum = (type: string) =>
    sumOf(
      own.filter((each) => textAt(each, 'type') === type).map((each) => requiredMoney(each, 'amount')),
      currency,
    )
  const taken = subtract(sum('DEBIT'), sum('CREDIT'))
  return taken.minor < 0n ? zero(currency) : taken
}

function givenToPayer(dispute: unknown, currency: string): Money {
  const isLost = textAt(dispute, 'dispute_outcome', 'outcome_code') === 'RESOLVED_BUYER_FAVOUR'
  return (isLost ? moneyAt(dispute, 'dispute_outcome', 'amount_refunded') : null) ?? zero(currency)
}

const feeOf = (fee: Money): CallFee | null => (fee.minor === 0n ? null : { fee, tax: zero(fee.currency) })

/** Whether the payment went to a seller's own account, which then bears it. */
function isOfSeller(dispute: unknown, partner: Partner | null): boolean {
  if (partner === null) return false
  const seller = textAt(dispute, 'disputed_transactions', 0, 'seller', 'merchant_id')
  return seller !== null && seller !== partner.merchantId
}
