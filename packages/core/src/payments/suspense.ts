import type { RecordKind } from '../journal/records.js'
import { paymentKey } from './payment.js'

/** Why a fact, or a part of one, is in suspense. */
const suspenseReasons = [
  'overfunded',
  'escrow_not_found',
  'escrow_ended',
  'escrow_released',
  'currency_mismatch',
  'off_step',
  'unallocated',
  'account_frozen',
  'account_closed',
  'limit_exceeded',
  // Of what a bank's statement shows: no settlement of that reference is in transit; one of another amount is; or the
  // settlement became known after what was in suspense for it had gone elsewhere, or a dispute gave back what had.
  'settlement_unknown',
  'amount_differs',
  'already_resolved',
  // Of what went back without our asking: no one escrow holds the money of a refund that was made at the gateway; a
  // payer's dispute took it.
  'refunded_at_gateway',
  'charged_back',
] as const
export type SuspenseReason = (typeof suspenseReasons)[number]

/** Money of which a fact says that it moved, and that no rule can place. */
export interface SuspenseItem {
  readonly id: string
  readonly gateway: string
  /** The payment's reference, where the fact named one. */
  readonly reference: string | null
  /** The escrow, party or account that it was meant for, where the fact named one. */
  readonly escrow: string | null
  readonly instruction: string | null
  readonly currency: string
  /** Signed minor units as suspended: what is owed to somebody (a credit of the account) is positive. */
  readonly amountMinor: bigint
  /** What of it is not resolved yet, with the same sign. */
  readonly remainingMinor: bigint
  readonly reason: SuspenseReason
  readonly state: 'open' | 'resolved'
  readonly entry: string
  readonly recordedAt: number
  readonly revision: number
}

export const suspenseItems: RecordKind<SuspenseItem> = { name: 'suspense', keyOf: (item) => item.id }

/**
 * The longest id of an item is a clawback's, with a gateway of 64 and a reference of 128 characters that are all escaped
 * as three, and the number of a revision.
 */
export const suspenseIdLimits = { min: 1, max: 8 + 3 * 64 + 1 + 3 * 128 + 1 + 16 } as const

/** The id of the one item that a payment's unallocated money is kept under. */
export function suspenseIdOf({ gateway, reference }: { gateway: string; reference: string }): string {
  return `payment:${paymentKey(gateway, reference)}`
}
