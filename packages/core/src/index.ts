export {
  type Account,
  type AccountRef,
  type AccountType,
  accountKey,
  balanceOf,
  type Freeze,
  isDebitNormal,
  openAccount,
} from './accounts/account.js'
export { accountCodes, type ChartRule, chart, chartRule, idInCode } from './accounts/chart.js'
export type { Restriction } from './accounts/restriction.js'
export { compareText, escapeSegment, unescapeSegment } from './accounts/text.js'
export * from './errors/index.js'
export type { Escrow } from './escrow/escrow.js'
export { type EscrowStatus, escrowStatuses } from './escrow/life.js'
export type { TermsInput } from './escrow/parse-terms.js'
export type { Terms } from './escrow/terms.js'
export type { CallOutcome, Gateway, GatewayCall } from './gateways/gateway.js'
export { createManualGateway } from './gateways/manual-gateway.js'
export {
  type Instruction,
  type InstructionKind,
  type InstructionState,
  instructionStates,
} from './instructions/instruction.js'
export { type Book, newBook } from './journal/book.js'
export type { DayChanges, DayTotals } from './journal/day-totals.js'
export type { Entry, Posting } from './journal/entry.js'
export type { InstantInput } from './journal/instant.js'
export { formatDay, type LocalDay, parseDay, zoneOf } from './journal/local-day.js'
export {
  type LifeEvent,
  type RecordKeys,
  type RecordKind,
  type RecordKindName,
  type Records,
  recordKindNames,
  type Versioned,
} from './journal/records.js'
export type { Reversal } from './journal/reversals.js'
export type { AccountChange, Changes, RecordChange } from './journal/working.js'
export {
  add,
  compare,
  currencies,
  exponentOf,
  format,
  fromMinor,
  isCurrency,
  isMoney,
  isNegative,
  isPositive,
  isZero,
  type Money,
  type MoneyInput,
  money,
  negate,
  registerUnit,
  splitByWeights,
  subtract,
  sum,
  type Unit,
  type WireMoney,
  zero,
} from './money/index.js'
export type { Fee } from './payments/fee.js'
export type { Payment } from './payments/payment.js'
export type { SuspenseItem, SuspenseReason } from './payments/suspense.js'
export * from './storage/index.js'
