export {
  type Account,
  type AccountRef,
  type AccountType,
  accountKey,
  accountRefOf,
  balanceOf,
  type Freeze,
  isDebitNormal,
  openAccount,
} from './accounts/account.js'
export type { AccountView } from './accounts/account-view.js'
export { accountCodes, type ChartRule, chart, chartRule, idInCode } from './accounts/chart.js'
export type { Restriction } from './accounts/restriction.js'
export { compareText, escapeSegment, inTextOrder, unescapeSegment } from './accounts/text.js'
export type { Accounts } from './engine/accounts.js'
export type { ApplyOptions, ApplyRun } from './engine/apply-webhooks.js'
export type { BalanceQuery, BalanceView, TimeOrder } from './engine/balance.js'
export type { BookLedger } from './engine/book-ledger.js'
export type { BookWithin, LedgerWithin } from './engine/book-within.js'
export type { Books } from './engine/books.js'
export type { Clawbacks, ClawbackView } from './engine/clawbacks.js'
export type { CommitterLimits } from './engine/committer.js'
export type { Answer } from './engine/context.js'
export type { DispatchOptions, DispatchRun } from './engine/dispatcher.js'
export type { DueFailure } from './engine/due.js'
export type { DueEscrow, DueSettlements, DueTotals } from './engine/due-settlements.js'
export type { EntryView, PostingView } from './engine/entry-view.js'
export type { DeductionView, DisputeView, EscrowView, ShareView } from './engine/escrow-view.js'
export type { Escrows, FundByPayment, FundFromCredit, OpenInput } from './engine/escrows.js'
export type { GatewayLimits } from './engine/gateway-line.js'
export { createIdSource, type IdSource } from './engine/ids.js'
export type { ExchangeView, Instructions, InstructionView } from './engine/instructions.js'
export type {
  EntryFilter,
  EntryInput,
  Expectation,
  Journal,
  Posted,
  PostedAll,
  PostingInput,
} from './engine/journal.js'
export type {
  BatchTold,
  CommandTold,
  GatewayCallTold,
  LedgerObserver,
  QueueTold,
} from './engine/ledger-observer.js'
export type { Listing, Page } from './engine/listing.js'
export type { Movements, MovementView } from './engine/movements.js'
export type { OrderAnswer, Orders } from './engine/orders.js'
export type { FeeView, Payments, PaymentView, Suspense, SuspenseView } from './engine/payments.js'
export type { LeftOwed, PayoutRun, PayoutRunOptions, PayoutSchedule } from './engine/payout-run.js'
export type { Payouts } from './engine/payouts.js'
export type { Poll, PollOptions } from './engine/poll-gateways.js'
export type { Reports, TrialBalance, TrialBalanceRow } from './engine/reports.js'
export type { CallOptions } from './engine/request.js'
export type { SettlementTotals } from './engine/settlement-totals.js'
export type {
  RefusedSettlement,
  RunOptions,
  SettlementProgress,
  SettlementRun,
  Settlements,
} from './engine/settlements.js'
export type { StatementLine, StatementQuery } from './engine/statement.js'
export type { TimelineStep } from './engine/timeline.js'
export type { Transfers } from './engine/transfers.js'
export type { ClientMoney } from './engine/verify/client-money.js'
export { type Deviation, type DeviationCode, deviationCodes } from './engine/verify/deviations.js'
export type { Checked, VerifyProgress } from './engine/verify/verification.js'
export type { VerifyOptions, VerifyReport } from './engine/verify/verify-book.js'
export type { Webhooks, WebhookView } from './engine/webhooks.js'
export * from './errors/index.js'
export type { EscrowAnswer } from './escrow/answer.js'
export type { Escrow, FailedAttempt } from './escrow/escrow.js'
export type { Excess, FundAnswer } from './escrow/fund-answer.js'
export { type EscrowStatus, escrowStatuses } from './escrow/life.js'
export type { TermsInput } from './escrow/parse-terms.js'
export type { ClawbackAnswer } from './escrow/record-clawback.js'
export type { SuspenseAnswer } from './escrow/resolve-suspense.js'
export type { SettleAnswer } from './escrow/settle-escrow.js'
export type { DeductionTerm, ShareTerm, Terms, Tier } from './escrow/terms.js'
export type {
  CaptureCall,
  GatewayCall,
  OrderCall,
  PayoutCall,
  RefundCall,
  ReleaseCall,
  ReversalCall,
  TransferCall,
  TransferHold,
} from './gateways/call.js'
export { type ClawbackKind, clawbackKinds, type GatewayClawback } from './gateways/clawback.js'
export type { CallContext, Exchange } from './gateways/exchange.js'
export type { Gateway, GatewayWebhooks, Operation } from './gateways/gateway.js'
export type { GatewayPayment, PayeePart } from './gateways/gateway-payment.js'
export { createManualGateway } from './gateways/manual-gateway.js'
export type { CallFee, CallOutcome } from './gateways/outcome.js'
export type { PayeeAccount, PayeeDetails } from './gateways/payee-account.js'
export type { BatchOutcome, PayoutBatch, PayoutBatches, PayoutPage } from './gateways/payout-batches.js'
export { redacted } from './gateways/redact.js'
export type { GatewaySettlement, SettlementLine } from './gateways/settlement.js'
export type { Subject } from './gateways/subject.js'
export type { DeliveryHeaders, VerifiedWebhook, WebhookDelivery, WebhookVerifier } from './gateways/webhook.js'
export { type OpenDelivery, openDelivery } from './gateways/webhook-delivery.js'
export type { KeptExchange } from './instructions/exchange-record.js'
export {
  type Instruction,
  type InstructionKind,
  type InstructionState,
  instructionKinds,
  instructionStates,
} from './instructions/instruction.js'
export type { Restricted } from './journal/account-commands.js'
export { type Book, type BookView, newBook } from './journal/book.js'
export { type DayChanges, type DayTotals, dayChangesOf } from './journal/day-totals.js'
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
export { createLedger, type Ledger, type LedgerOptions } from './ledger.js'
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
export { type Clawback, type ClawbackState, clawbackStates } from './payments/clawback.js'
export type { Fee } from './payments/fee.js'
export type { Payment } from './payments/payment.js'
export type { SuspenseItem, SuspenseReason } from './payments/suspense.js'
export type { InstructionAnswer } from './payouts/instruction-outcome.js'
export {
  type Movement,
  type MovementKind,
  type MovementState,
  movementKinds,
  movementStates,
} from './reconciliation/movement.js'
export type { MovementAnswer } from './reconciliation/movement-answer.js'
export type { KeptAnswer } from './reconciliation/webhook-commands.js'
export type { KeptWebhook, WebhookState } from './reconciliation/webhook-record.js'
export * from './storage/index.js'
export type { Logger } from './worker/logger.js'
export type { TaskHealth } from './worker/task.js'
export { createWorker, type TaskName, type Worker, type WorkerHealth, type WorkerOptions } from './worker/worker.js'
