import { captureOnWire } from './capture.js'
import { disburseIfDue, receivedCurrency } from './disbursement.js'
import type { Dispute } from './dispute.js'
import { setRefundStatus } from './make-refund.js'
import type { Money } from './money.js'
import { costOf, tellDispute } from './open-dispute.js'
import { type PayPalWorld, pockets } from './paypal-world.js'

/** Frees what is kept for a dispute. What it answers keeps it again. */
export function releaseDisputed({ sheet }: PayPalWorld, dispute: Dispute): () => void {
  const { capture, keptMinor: amountMinor } = dispute
  const { merchantId } = capture.payee
  const [kept, balance] = [pockets.disputed(merchantId), pockets.balance(merchantId)]
  const currency = receivedCurrency(capture)
  sheet.move({ from: kept, to: balance, currency, amountMinor })
  dispute.keptMinor = 0n
  return () => {
    sheet.move({ from: balance, to: kept, currency, amountMinor })
    dispute.keptMinor = amountMinor
  }
}

/** Ends a dispute for which the payer has got the money back. */
export function resolveInFavourOfBuyer(world: PayPalWorld, dispute: Dispute): void {
  resolve(world, dispute, 'RESOLVED_BUYER_FAVOUR')
}

/** The payee may keep the money. */
export function resolveInFavourOfSeller(world: PayPalWorld, dispute: Dispute): void {
  releaseDisputed(world, dispute)
  resolve(world, dispute, 'RESOLVED_SELLER_FAVOUR')
}

/** The payer gets the money back, of what is held of the payment and of the balance, which may go below zero by it. */
export function payBuyer(world: PayPalWorld, dispute: Dispute): void {
  const { capture, amount } = dispute
  releaseDisputed(world, dispute)
  const cost = costOf(capture, amount)
  takeBack(world, dispute, cost)
  dispute.taken = { amount: cost, at: world.now() }
  capture.refundedMinor += amount.minor
  setRefundStatus(world, capture)
  world.journal.add({
    merchantId: capture.payee.merchantId,
    transactionId: world.newId(),
    code: 'T1201',
    amount: { currency: cost.currency, minor: -cost.minor },
    reference: { id: capture.id, type: 'TXN' },
    invoiceId: capture.invoiceId,
    customField: capture.customId,
  })
  world.tell({
    type: 'PAYMENT.CAPTURE.REVERSED',
    resourceType: 'capture',
    resource: captureOnWire(world, capture),
    summary: 'A payment was reversed',
  })
  resolveInFavourOfBuyer(world, dispute)
}

function takeBack({ sheet }: PayPalWorld, { capture, amount }: Dispute, cost: Money): void {
  const { merchantId } = capture.payee
  const { currency } = cost
  const isExchanged = currency !== amount.currency
  const to = isExchanged ? pockets.exchange : pockets.payers
  const held = least(cost.minor, capture.heldMinor)
  sheet.move(
    { from: pockets.held(merchantId), to, currency, amountMinor: held },
    { from: pockets.balance(merchantId), to, currency, amountMinor: cost.minor - held, mayOwe: true },
    ...(isExchanged
      ? [{ from: pockets.exchange, to: pockets.payers, currency: amount.currency, amountMinor: amount.minor }]
      : []),
  )
  capture.heldMinor -= held
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function resolve(world: PayPalWorld, dispute: Dispute, outcome: NonNullable<Dispute['outcome']>): void {
  dispute.status = 'RESOLVED'
  dispute.outcome = outcome
  dispute.updatedAt = world.now()
  dispute.capture.disputeId = undefined
  tellDispute(world, dispute, 'RESOLVED')
  disburseIfDue(world, dispute.capture)
}
