/** What the caller does next decides the class of an error. */
export type ErrorKind =
  | 'invalid' // fix the request
  | 'conflict' // the books say otherwise: look, then decide
  | 'not_found'
  | 'unavailable' // the same call may succeed later
  | 'internal' // a bug, in this library or in a storage

interface CodeFacts {
  readonly kind: ErrorKind
  /** Whether the very same call, under the same idempotency key, may succeed later without anybody changing it. */
  readonly retryable: boolean
}

const invalid = { kind: 'invalid', retryable: false } as const
const conflict = { kind: 'conflict', retryable: false } as const
const notFound = { kind: 'not_found', retryable: false } as const
const unavailable = { kind: 'unavailable', retryable: true } as const
const internal = { kind: 'internal', retryable: false } as const

/**
 * Every code an error of this library can carry. A code states a fact; `docs/errors.md` has a heading for each, and a
 * test holds the two together.
 */
export const errorCodes = {
  // What was asked is malformed.
  invalid_input: invalid,
  invalid_amount: invalid,
  amount_out_of_range: invalid,
  amount_not_positive: invalid,
  amount_off_step: invalid,
  currency_unknown: invalid,
  currency_mismatch: invalid,
  unit_conflict: invalid,
  invalid_terms: invalid,
  invalid_cursor: invalid,
  entry_unbalanced: invalid,
  entry_too_large: invalid,
  account_reserved: invalid,
  time_in_future: invalid,
  measure_unknown: invalid,
  measure_out_of_scale: invalid,
  below_gateway_minimum: invalid,
  not_authentic: invalid,
  operation_unsupported: invalid,

  // Nothing by that name.
  account_not_found: notFound,
  entry_not_found: notFound,
  escrow_not_found: notFound,
  payment_not_found: notFound,
  payout_not_found: notFound,
  instruction_not_found: notFound,
  suspense_not_found: notFound,
  movement_not_found: notFound,
  dispute_not_found: notFound,
  gateway_not_found: notFound,
  webhook_not_found: notFound,

  // The books say otherwise.
  idempotency_key_reused: conflict,
  expectation_failed: conflict,
  insufficient_funds: conflict,
  limit_exceeded: conflict,
  account_exists: conflict,
  account_frozen: conflict,
  account_closed: conflict,
  account_not_empty: conflict,
  entry_owned: conflict,
  entry_already_reversed: conflict,
  period_closed: conflict,
  time_before_last: conflict,
  book_zone_fixed: conflict,
  escrow_exists: conflict,
  escrow_not_funded: conflict,
  escrow_not_due: conflict,
  escrow_disputed: conflict,
  escrow_already_delivered: conflict,
  escrow_already_completed: conflict,
  escrow_already_settled: conflict,
  escrow_already_refunded: conflict,
  escrow_already_cancelled: conflict,
  escrow_overfunded: conflict,
  insufficient_held: conflict,
  measures_fixed: conflict,
  dispute_exists: conflict,
  dispute_already_resolved: conflict,
  payment_mismatch: conflict,
  payment_exceeded: conflict,
  fee_mismatch: conflict,
  movement_mismatch: conflict,
  refund_exceeds_payment: conflict,
  payout_exists: conflict,
  order_exists: conflict,
  transfer_exists: conflict,
  capture_exists: conflict,
  release_exists: conflict,
  reversal_exists: conflict,
  reversal_exceeds_transfer: conflict,
  instruction_state: conflict,
  lease_lost: conflict,
  suspense_already_resolved: conflict,

  // Try again later.
  overloaded: unavailable,
  storage_busy: unavailable,
  storage_failed: unavailable,
  outcome_unknown: unavailable,
  certificate_unavailable: unavailable,
  ledger_closed: { kind: 'unavailable', retryable: false },
  aborted: { kind: 'unavailable', retryable: true },

  // The database is not what this version expects.
  schema_missing: { kind: 'unavailable', retryable: false },
  schema_newer: { kind: 'unavailable', retryable: false },

  // Bugs.
  storage_refused: internal,
  invariant_violated: internal,
} as const satisfies Record<string, CodeFacts>

export type ErrorCode = keyof typeof errorCodes
