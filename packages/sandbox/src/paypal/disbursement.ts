import type { Capture } from './capture.js'
import { type Money, onWire } from './money.js'
import { instant, link, type PayPalWorld, pockets } from './paypal-world.js'
import { DAY_MS } from './settings.js'

/** Held money that the payee got: a referenced payout item. */
export interface Disbursement {
  readonly id: string
  readonly captureId: string
  readonly payeeId: string
  readonly amount: Money
  readonly payoutTransactionId: string
  readonly createdAt: number
}

/** After so long PayPal disburses by itself. */
const LONGEST_HOLD_MS = 28 * DAY_MS

/** The currency that the payee gets. */
export const receivedCurrency = ({ amount, proceeds }: Capture): string =>
  proceeds?.received?.amount.currency ?? amount.currency

/** Sees to it that a held payment is disbursed after 28 days, if nobody has asked for it by then. */
export function disburseLater(world: PayPalWorld, capture: Capture): void {
  capture.disburseBy = world.now() + LONGEST_HOLD_MS
  world.schedule(capture.disburseBy, () => disburseIfDue(world, capture))
}

/** Disburses what has been held for 28 days, unless it is disputed: then it waits for the end of that. */
export function disburseIfDue(world: PayPalWorld, capture: Capture): void {
  const { disburseBy = Number.POSITIVE_INFINITY, heldMinor, disputeId } = capture
  if (disburseBy <= world.now() && heldMinor > 0n && disputeId === undefined) disburse(world, capture)
}

/** Gives the payee what is held of a payment. */
export function disburse(world: PayPalWorld, capture: Capture): Disbursement {
  const amount = { currency: receivedCurrency(capture), minor: capture.heldMinor }
  const { merchantId } = capture.payee
  world.sheet.move({
    from: pockets.held(merchantId),
    to: pockets.balance(merchantId),
    currency: amount.currency,
    amountMinor: amount.minor,
  })
  capture.heldMinor = 0n
  const disbursement: Disbursement = {
    id: world.newId(24),
    captureId: capture.id,
    payeeId: merchantId,
    amount,
    payoutTransactionId: world.newId(),
    createdAt: world.now(),
  }
  world.disbursements.set(disbursement.id, disbursement)
  world.tell({
    type: 'PAYMENT.REFERENCED-PAYOUT-ITEM.COMPLETED',
    resourceType: 'referenced_payout_item',
    resource: disbursementOnWire(world, disbursement),
    summary: 'Referenced payout item completed.',
  })
  return disbursement
}

export const disbursementOnWire = (world: PayPalWorld, { id, captureId, ...given }: Disbursement) => ({
  item_id: id,
  processing_state: { status: 'SUCCESS' },
  reference_id: captureId,
  reference_type: 'TRANSACTION_ID',
  payout_amount: onWire(given.amount),
  payout_destination: given.payeeId,
  payout_transaction_id: given.payoutTransactionId,
  external_merchant_id: given.payeeId,
  create_time: instant(given.createdAt),
  links: [link(world, 'self', `/v1/payments/referenced-payouts-items/${id}`)],
})
