import { escapeSegment } from '../accounts/text.js'
import type { RecordKind } from '../journal/records.js'

/** What of a payment went to one escrow, and the entry that put it there. */
export interface Allocation {
  readonly escrow: string
  readonly amountMinor: bigint
  readonly entry: string
  /** The entry of the fee that came with the same call. */
  readonly feeEntry: string | null
  /** What of the call did not fit and went to suspense. */
  readonly excessMinor: bigint
  /** What the caller said that the escrow gets: the same fact again names the same amount. */
  readonly statedMinor: bigint
}

/** What a funding call said, of which nothing fitted its escrow. Said again it is known, whatever became of the money. */
export interface Unplaced {
  readonly escrow: string
  readonly statedMinor: bigint
  /** The entry that took the payment to suspense; null where it was there already. */
  readonly entry: string | null
  readonly feeEntry: string | null
}

/** Money that a gateway or bank says arrived: unique by (gateway, reference). */
export interface Payment {
  readonly gateway: string
  readonly reference: string
  readonly currency: string
  readonly amountMinor: bigint
  /** What arrived, where its currency is not the one that counts for the escrow. */
  readonly receivedCurrency: string | null
  readonly receivedMinor: bigint | null
  /** Where the money is: `gateway:<g>:clearing`, or the account that the gateway's adapter names. */
  readonly account: string
  readonly allocatedMinor: bigint
  /** What was instructed to go back to the payer, less what failed for good, and what was refunded at the gateway by hand. */
  readonly refundedMinor: bigint
  /** What disputes took, less what they gave back. */
  readonly chargedBackMinor: bigint
  /** What is in suspense of it. */
  readonly suspenseMinor: bigint
  readonly allocations: readonly Allocation[]
  readonly unplaced: readonly Unplaced[]
  readonly capturedAt: number
  readonly recordedAt: number
  readonly revision: number
}

export const payments: RecordKind<Payment> = {
  name: 'payments',
  keyOf: (payment) => paymentKey(payment.gateway, payment.reference),
}

/** One text for (gateway, reference): both are escaped, so no two pairs fold together. */
export function paymentKey(gateway: string, reference: string): string {
  return `${escapeSegment(gateway)}:${escapeSegment(reference)}`
}
