import type { Capture } from './capture.js'
import { receivedCurrency } from './disbursement.js'
import { type Dispute, disputeOnWire } from './dispute.js'
import { exchange, type Money } from './money.js'
import { type PayPalWorld, pockets } from './paypal-world.js'
import { DAY_MS } from './settings.js'

const SELLER_ANSWERS_WITHIN_MS = 10 * DAY_MS

/**
 * The payer complains about a payment. PayPal keeps the amount out of the payee's balance, as far as it is there; what is
 * not disbursed yet stays held. Throws `RangeError` where nothing can be disputed.
 */
export function openDispute(
  world: PayPalWorld,
  capture: Capture,
  { reason = 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED', amountMinor }: { reason?: string; amountMinor?: bigint } = {},
): Dispute {
  const left = capture.amount.minor - capture.refundedMinor
  const amount: Money = { currency: capture.amount.currency, minor: amountMinor ?? left }
  if (capture.proceeds === undefined || capture.disputeId !== undefined) {
    throw new RangeError(`The payment ${capture.id} cannot be disputed: it is ${capture.status}, or disputed.`)
  }
  if (amount.minor <= 0n || amount.minor > left) throw new RangeError(`At most ${left} can be disputed.`)
  const now = world.now()
  const dispute: Dispute = {
    id: `PP-D-${world.newId(8)}`,
    ...{ capture, amount, reason },
    status: 'WAITING_FOR_SELLER_RESPONSE',
    stage: 'CHARGEBACK',
    keptMinor: keep(world, capture, costOf(capture, amount)),
    evidences: [],
    sellerDueAt: now + SELLER_ANSWERS_WITHIN_MS,
    createdAt: now,
    updatedAt: now,
  }
  capture.disputeId = dispute.id
  world.disputes.set(dispute.id, dispute)
  tellDispute(world, dispute, 'CREATED')
  return dispute
}

/** What an amount of a payment is in the currency that the payee got. */
export function costOf({ proceeds }: Capture, amount: Money): Money {
  return proceeds?.received === undefined ? amount : exchange(amount, proceeds.received.rate)
}

function keep({ sheet }: PayPalWorld, capture: Capture, cost: Money): bigint {
  const currency = receivedCurrency(capture)
  const { merchantId } = capture.payee
  const wanted = cost.minor > capture.heldMinor ? cost.minor - capture.heldMinor : 0n
  const balance = sheet.balance(pockets.balance(merchantId), currency)
  const there = balance > 0n ? balance : 0n
  const amountMinor = wanted < there ? wanted : there
  sheet.move({ from: pockets.balance(merchantId), to: pockets.disputed(merchantId), currency, amountMinor })
  return amountMinor
}

export function tellDispute(world: PayPalWorld, dispute: Dispute, what: 'CREATED' | 'UPDATED' | 'RESOLVED'): void {
  world.tell({
    type: `CUSTOMER.DISPUTE.${what}`,
    resourceType: 'dispute',
    resource: disputeOnWire(world, dispute),
    summary: `A dispute was ${what.toLowerCase()} with PayPal`,
  })
}
