import { activateAccount, askAccount, rejectAccount, suspendAccountById } from './account-acts.js'
import { balancesOf, type RazorpayBalances } from './balances.js'
import type { Desk } from './desk.js'
import { closeDispute, type DisputeOptions, loseDispute, openDispute, requireEvidence, winDispute } from './disputes.js'
import { authorizeLate, type PaidOrder, type PayOptions, payOrder } from './pay-order.js'
import { approvePayout, rejectPayout } from './payout-approvals.js'
import { failPayout, processPayouts, reversePayout } from './payouts.js'
import { failRefund, processRefunds, refundByHand } from './refunds.js'
import { settleLinked, settleMerchant } from './settlements.js'
import { topUp } from './top-up.js'
import { failTransfer, processTransfers } from './transfers.js'

/** What people and banks do at Razorpay. Each act throws when it makes no sense in the state that things are in. */
export interface RazorpayPeople {
  /** A payer pays an order at the checkout, or tries to; gives what the browser brings back. */
  pay(orderId: string, options?: PayOptions): PaidOrder
  /** The bank of a failed payment authorises it after all. */
  authorizeLate(paymentId: string): PaidOrder
  /** The merchant refunds a payment, or a part of it, at the dashboard; gives the refund's id. */
  refundByHand(paymentId: string, amountMinor?: bigint): string
  /** Banks process all refunds that are pending; gives the ids. */
  processRefunds(): string[]
  failRefund(refundId: string): void
  processTransfers(): string[]
  failTransfer(transferId: string): void
  /** Razorpay approves a linked account, whatever is missing. */
  activateAccount(accountId: string): void
  /** Razorpay asks about a field of a linked account (KYC). */
  askAccount(accountId: string, field: string): void
  rejectAccount(accountId: string): void
  suspendAccount(accountId: string): void
  /** The merchant sends money from its bank to its balance of RazorpayX. */
  topUp(amountMinor: bigint): void
  approvePayout(payoutId: string): void
  rejectPayout(payoutId: string): void
  /** Banks process all payouts that they have; gives the ids. */
  processPayouts(): string[]
  /** For a reason that RazorpayX documents, `beneficiary_bank_offline` unless given. */
  failPayout(payoutId: string, reason?: string): void
  /** The bank sends a payout back, processed or not. */
  reversePayout(payoutId: string, reason?: string): void
  /** Pays out the merchant's whole balance, or all that a linked account has and is not on hold; gives the settlement's id. */
  settle(accountId?: string): string | undefined
  /** The payer's bank disputes a payment; gives the dispute's id. */
  openDispute(paymentId: string, options?: DisputeOptions): string
  winDispute(disputeId: string): void
  loseDispute(disputeId: string): void
  closeDispute(disputeId: string): void
  /** The bank wants more evidence of a dispute that is under review. */
  requireEvidence(disputeId: string): void
  /** Where every paisa is. */
  balances(): RazorpayBalances
}

export const peopleAt = (desk: Desk): RazorpayPeople => ({
  pay: (orderId, options) => payOrder(desk, orderId, options),
  authorizeLate: (paymentId) => authorizeLate(desk, paymentId),
  refundByHand: (paymentId, amountMinor) => refundByHand(desk, paymentId, amountMinor),
  processRefunds: () => processRefunds(desk),
  failRefund: (refundId) => failRefund(desk, refundId),
  processTransfers: () => processTransfers(desk),
  failTransfer: (transferId) => failTransfer(desk, transferId),
  activateAccount: (accountId) => activateAccount(desk, accountId),
  askAccount: (accountId, field) => askAccount(desk, accountId, field),
  rejectAccount: (accountId) => rejectAccount(desk, accountId),
  suspendAccount: (accountId) => suspendAccountById(desk, accountId),
  topUp: (amountMinor) => topUp(desk, amountMinor),
  approvePayout: (payoutId) => approvePayout(desk, payoutId),
  rejectPayout: (payoutId) => rejectPayout(desk, payoutId),
  processPayouts: () => processPayouts(desk),
  failPayout: (payoutId, reason = 'beneficiary_bank_offline') => failPayout(desk, payoutId, reason),
  reversePayout: (payoutId, reason = 'beneficiary_bank_offline') => reversePayout(desk, payoutId, reason),
  settle: (accountId) =>
    (accountId === undefined || accountId === desk.settings.accountId
      ? settleMerchant(desk)
      : settleLinked(desk, accountId)
    )?.id,
  openDispute: (paymentId, options) => openDispute(desk, paymentId, options),
  winDispute: (disputeId) => winDispute(desk, disputeId),
  loseDispute: (disputeId) => loseDispute(desk, disputeId),
  closeDispute: (disputeId) => closeDispute(desk, disputeId),
  requireEvidence: (disputeId) => requireEvidence(desk, disputeId),
  balances: () => balancesOf(desk),
})
