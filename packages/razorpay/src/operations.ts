import type { InstructionKind, Operation } from 'escrow-ledger'

const hour = 3_600_000
const day = 24 * hour

/**
 * A key of Razorpay's. Its documents know of no end to one, so a day is taken for sure; then the call is asked about.
 * https://razorpay.com/docs/api/x/payout-idempotency, https://razorpay.com/docs/api/refunds/normal-refunds-idempotent
 */
const keyed: Operation = { resendWindowMs: day, askedBy: 'key', absenceIsFinal: true }

/** What Razorpay has no key for. It is never repeated, but found by what was put into it, in lists that are up to date. */
const found: Operation = { resendWindowMs: null, askedBy: 'key', absenceIsFinal: true }

/** What comes to the same however often it is said. */
const repeatable: Operation = { resendWindowMs: Number.POSITIVE_INFINITY, askedBy: 'key', absenceIsFinal: true }

/** How each kind of call is kept to one effect. */
export const operations = {
  /** Found by its receipt. */
  order: found,
  /** Found by what the payment says. */
  capture: found,
  refund: keyed,
  /** Found by its notes. One out of the balance carries a key too. */
  transfer: found,
  /** The hold of the transfer is taken away. */
  release: repeatable,
  /** Found by its notes among the transfer's reversals. */
  reversal: found,
  /** A bank may send one back for some working days after it took it. */
  payout: { ...keyed, watchedMs: 14 * day },
} satisfies Record<InstructionKind, Operation>
