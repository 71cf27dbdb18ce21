import type { AccessTokens } from './access-token.js'
import { approveOrder } from './approve-order.js'
import { topUp, withdraw } from './create-world.js'
import { payBuyer, resolveInFavourOfSeller } from './dispute-outcome.js'
import { findDispute } from './disputes.js'
import { completeCapture, denyCapture } from './make-capture.js'
import { completeRefund, failRefund } from './make-refund.js'
import { openDispute } from './open-dispute.js'
import type { Payer, PaymentOutcome } from './order.js'
import { type OnboardedSeller, onboardSeller, revokeConsent } from './partner-referrals.js'
import type { PayoutItem, PayoutOutcome } from './payout.js'
import type { PayPalWorld } from './paypal-world.js'
import { claimItem, processBatch, returnItem, takeBackItem } from './process-payout.js'
import { refundByHand } from './refund-by-hand.js'

/** What people and banks do at PayPal. Each throws where it makes no sense, and changes nothing then. */
export interface PayPalActs {
  /** The payer agrees to pay an order. `outcome` says what the payer's bank will make of it. */
  approve(orderId: string, options?: { readonly payer?: Partial<Payer>; readonly outcome?: PaymentOutcome }): void
  /** A payment that was pending arrives, or does not. */
  completeCapture(captureId: string): void
  denyCapture(captureId: string, reason?: string): void
  /** The payee refunds a payment, or a part of it, on PayPal's pages; the answer is the id of the refund. */
  refundByHand(captureId: string, amountMinor?: bigint): string
  /** A refund that was pending arrives, or does not. */
  completeRefund(refundId: string): void
  failRefund(refundId: string): void
  /** What is to become of payouts to a receiver from now on; without it they succeed. */
  setPayoutOutcome(receiver: string, outcome: PayoutOutcome): void
  /** Does at once what is asked for by batches that are under way. */
  processPayouts(): void
  /** The receiver of an unclaimed payout, or of one on hold, gets it. */
  claimPayout(itemId: string): void
  /** An unclaimed payout, or one on hold, goes back. */
  returnPayout(itemId: string): void
  /** The receiver gives a payout back (`REFUNDED`), or PayPal takes it back (`REVERSED`). */
  takeBackPayout(itemId: string, status: 'REFUNDED' | 'REVERSED'): void
  /** A seller signs up; the answer is the id of the new account. */
  onboardSeller(seller?: OnboardedSeller): string
  /** A seller no longer lets the platform act in its name. */
  revokeConsent(merchantId: string): void
  /** The payer complains about a payment; the answer is the id of the dispute. */
  openDispute(captureId: string, options?: { readonly reason?: string; readonly amountMinor?: bigint }): string
  resolveDispute(disputeId: string, inFavourOf: 'buyer' | 'seller'): void
  /** Money comes from a bank to an account, the platform's unless another is named. Minor units. */
  topUp(transfer: { readonly currency: string; readonly amountMinor: bigint; readonly merchantId?: string }): void
  withdraw(transfer: { readonly currency: string; readonly amountMinor: bigint; readonly merchantId?: string }): void
  /** Access tokens that were handed out are no longer good. */
  revokeTokens(): void
}

export function createActs(world: PayPalWorld, tokens: AccessTokens): PayPalActs {
  const captureOf = (id: string) => known(world.captures, id)
  return {
    approve: (orderId, options) => void approveOrder(world, orderId, options),
    completeCapture: (id) => completeCapture(world, pending(captureOf(id))),
    denyCapture: (id, reason) => denyCapture(world, pending(captureOf(id)), reason),
    refundByHand: (id, amountMinor) => refundByHand(world, captureOf(id), amountMinor),
    completeRefund: (id) => completeRefund(world, known(world.refunds, id)),
    failRefund: (id) => failRefund(world, known(world.refunds, id)),
    setPayoutOutcome: (receiver, outcome) => void world.payoutOutcomes.set(receiver, outcome),
    processPayouts() {
      for (const batch of world.payoutBatches.values()) processBatch(world, batch)
    },
    claimPayout: (id) => claimItem(world, waiting(known(world.payoutItems, id))),
    returnPayout: (id) => returnItem(world, waiting(known(world.payoutItems, id))),
    takeBackPayout(id, status) {
      const item = known(world.payoutItems, id)
      if (item.status !== 'SUCCESS') throw new RangeError(`The payout ${id} is ${item.status}.`)
      takeBackItem(world, item, status)
    },
    onboardSeller: (seller) => onboardSeller(world, seller).merchantId,
    revokeConsent: (merchantId) => revokeConsent(world, merchantId),
    openDispute: (captureId, options) => openDispute(world, captureOf(captureId), options).id,
    resolveDispute(id, inFavourOf) {
      const dispute = findDispute(world, id)
      if (dispute.status === 'RESOLVED') throw new RangeError(`The dispute ${id} is resolved.`)
      if (inFavourOf === 'buyer') payBuyer(world, dispute)
      else resolveInFavourOfSeller(world, dispute)
    },
    topUp: (transfer) => topUp(world, transfer),
    withdraw: (transfer) => withdraw(world, transfer),
    revokeTokens: tokens.revokeAll,
  }
}

function known<Value>(records: ReadonlyMap<string, Value>, id: string): Value {
  const record = records.get(id)
  if (record === undefined) throw new RangeError(`There is no ${id}.`)
  return record
}

function pending<Payment extends { readonly id: string; readonly status: string }>(payment: Payment): Payment {
  if (payment.status !== 'PENDING') throw new RangeError(`The payment ${payment.id} is ${payment.status}.`)
  return payment
}

function waiting(item: PayoutItem): PayoutItem {
  if (item.status !== 'UNCLAIMED' && item.status !== 'ONHOLD') {
    throw new RangeError(`The payout ${item.id} is ${item.status}.`)
  }
  return item
}
