import type { AuthenticityProblem } from './authenticity.js'
import { type ErrorCode, type ErrorKind, errorCodes } from './codes.js'

/** An amount as errors carry it: the shape of `Money`. */
interface Amount {
  readonly minor: bigint
  readonly currency: string
}

/** One thing that is wrong with an input, and where. */
export interface InputIssue {
  readonly path: string
  readonly message: string
}

/** The facts that come with a code, as fields of the error. A code that is not listed carries none of its own. */
export interface ErrorFacts {
  invalid_input: { readonly issues: readonly InputIssue[] }
  invalid_terms: { readonly issues: readonly InputIssue[] }
  insufficient_funds: { readonly account: string; readonly available: Amount; readonly requested: Amount }
  insufficient_held: { readonly escrow: string; readonly available: Amount; readonly requested: Amount }
  escrow_overfunded: { readonly escrow: string; readonly available: Amount; readonly requested: Amount }
  limit_exceeded: { readonly account: string; readonly limit: Amount; readonly balance: Amount }
  refund_exceeds_payment: { readonly available: Amount; readonly requested: Amount }
  payment_exceeded: { readonly available: Amount; readonly requested: Amount }
  expectation_failed: {
    readonly account: string
    readonly expected: string
    readonly actualVersion: number
    readonly actualBalance: Amount
  }
  account_frozen: { readonly account: string }
  account_closed: { readonly account: string }
  account_reserved: { readonly account: string }
  account_not_found: { readonly account: string }
  account_not_empty: { readonly account: string; readonly balance: Amount }
  escrow_not_due: { readonly escrow: string; readonly dueAt: number | null }
  period_closed: { readonly effectiveAt: number; readonly closedThrough: string }
  time_before_last: { readonly at: number; readonly last: number }
  time_in_future: { readonly at: number; readonly now: number }
  idempotency_key_reused: { readonly idempotencyKey: string }
  outcome_unknown: { readonly idempotencyKey: string }
  instruction_state: { readonly instruction: string; readonly state: string }
  below_gateway_minimum: { readonly gateway: string; readonly minimum: Amount; readonly requested: Amount }
  operation_unsupported: { readonly gateway: string; readonly operation: string }
  reversal_exceeds_transfer: { readonly available: Amount; readonly requested: Amount }
  not_authentic: { readonly gateway: string; readonly problem: AuthenticityProblem }
  certificate_unavailable: { readonly gateway: string; readonly url: string }
}

type FactsOf<Code extends ErrorCode> = Code extends keyof ErrorFacts ? ErrorFacts[Code] : unknown

/** The class behind `LedgerError`; `LedgerError` itself is typed by code, so that facts are known once the code is. */
class BaseLedgerError extends Error {
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, facts: object = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name === 'BaseLedgerError' ? 'LedgerError' : new.target.name
    this.code = code
    this.kind = errorCodes[code].kind
    this.retryable = errorCodes[code].retryable
    Object.assign(this, facts)
  }
}

/** The request itself is wrong: fix it. Never worth repeating unchanged. */
export class InvalidRequestError extends BaseLedgerError {}
/** The request is well formed, and the books say otherwise: look at them, then decide. */
export class ConflictError extends BaseLedgerError {}
/** There is nothing by that name in this book. */
export class NotFoundError extends BaseLedgerError {}
/** Nothing is wrong with the request: the same call may succeed later. */
export class UnavailableError extends BaseLedgerError {}
/** A bug in this library or in a storage: please report it. */
export class InternalError extends BaseLedgerError {}

const classes = {
  invalid: InvalidRequestError,
  conflict: ConflictError,
  not_found: NotFoundError,
  unavailable: UnavailableError,
  internal: InternalError,
} satisfies Record<ErrorKind, typeof BaseLedgerError>

/** An error of this library: narrow it by `code`, and its facts are typed. */
export type LedgerError = {
  [Code in ErrorCode]: BaseLedgerError & { readonly code: Code } & FactsOf<Code>
}[ErrorCode]

/** The base of every error that this library throws on purpose. */
export const LedgerError = BaseLedgerError as unknown as {
  new (code: ErrorCode, message: string, facts?: object, options?: ErrorOptions): LedgerError
  readonly prototype: LedgerError
}

type FactsArgument<Code extends ErrorCode> = Code extends keyof ErrorFacts
  ? [facts: ErrorFacts[Code], options?: ErrorOptions]
  : [facts?: undefined, options?: ErrorOptions]

/** Makes the error of a code, in the class that its kind names, with the facts that the code calls for. */
export function ledgerError<Code extends ErrorCode>(
  code: Code,
  message: string,
  ...[facts, options]: FactsArgument<Code>
): LedgerError {
  return new classes[errorCodes[code].kind](code, message, facts, options) as LedgerError
}

/** Asserts what must hold whatever the caller did; its failure is a bug. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (condition) return
  const advice = 'Unless the database was changed by hand, it is a bug in escrow-ledger: please report it.'
  throw ledgerError('invariant_violated', `This must hold and does not: ${message}. ${advice}`)
}
