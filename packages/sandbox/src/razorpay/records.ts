import type { Json, Notes } from './fields.js'

/** What the stand-in remembers. Amounts are big integers of minor units, times seconds since 1970 unless they end in Ms. */
interface Kept {
  readonly id: string
  readonly createdAt: number
  notes: Notes
}

export interface Order extends Kept {
  readonly amountMinor: bigint
  readonly currency: string
  readonly receipt: string | null
  readonly partialPayment: boolean
  readonly automaticCapture: boolean
  amountPaidMinor: bigint
  status: 'created' | 'attempted' | 'paid'
  attempts: number
}

export interface PaymentError {
  readonly code: string
  readonly description: string
  readonly source: string
  readonly step: string
  readonly reason: string
}

export interface Payment extends Kept {
  readonly orderId: string
  readonly amountMinor: bigint
  readonly currency: string
  /** What the merchant gets for it before fees, in paise. */
  readonly baseMinor: bigint
  readonly method: PaymentMethod
  status: 'authorized' | 'captured' | 'refunded' | 'failed'
  captured: boolean
  feeMinor: bigint | null
  taxMinor: bigint | null
  amountRefundedMinor: bigint
  /** Of the base amount, in paise. */
  baseRefundedMinor: bigint
  amountTransferredMinor: bigint
  error: PaymentError | null
}

export type PaymentMethod = 'card' | 'netbanking' | 'wallet' | 'upi'

export interface Refund extends Kept {
  readonly paymentId: string
  readonly amountMinor: bigint
  readonly baseMinor: bigint
  readonly currency: string
  readonly receipt: string | null
  readonly speedRequested: 'normal' | 'optimum'
  /** Fee for a refund that was made at once. */
  readonly feeMinor: bigint
  readonly taxMinor: bigint
  /** The payment was never captured: its money comes from where authorised money waits. */
  readonly ofAuthorized: boolean
  speedProcessed: 'normal' | 'instant'
  status: 'pending' | 'processed' | 'failed'
  arn: string | null
}

export interface Transfer extends Kept {
  /** A payment, an order, or the merchant's own account. */
  readonly source: string
  /** The payment that it is from, directly or by its order. */
  paymentId: string | null
  readonly recipient: string
  readonly amountMinor: bigint
  readonly linkedAccountNotes: readonly string[]
  amountReversedMinor: bigint
  feeMinor: bigint
  taxMinor: bigint
  status: 'created' | 'pending' | 'processed' | 'failed' | 'partially_reversed' | 'reversed'
  onHold: boolean
  onHoldUntil: number | null
  processedAt: number | null
  settlementId: string | null
  error: { readonly code: string; readonly description: string; readonly reason: string } | null
}

export interface Reversal extends Kept {
  readonly transferId: string
  readonly amountMinor: bigint
  readonly customerRefundId: string | null
}

export interface Account extends Kept {
  /** What was sent, as it is given back. */
  details: Json
  status: 'created' | 'activated' | 'suspended'
  suspendedAt: number | null
}

export interface Stakeholder extends Kept {
  readonly accountId: string
  details: Json
}

export interface Product extends Kept {
  readonly accountId: string
  readonly name: string
  readonly termsAcceptedAt: number | null
  settlements: { accountNumber: string | null; ifscCode: string | null; beneficiaryName: string | null }
  /** What a person asked about, by the name of the field. */
  questions: string[]
  status: 'requested' | 'needs_clarification' | 'under_review' | 'activated' | 'rejected' | 'suspended'
}

export interface Contact extends Kept {
  name: string
  email: string | null
  contact: string | null
  type: string | null
  referenceId: string | null
  active: boolean
}

export interface FundAccount extends Kept {
  readonly contactId: string
  readonly accountType: 'bank_account' | 'vpa' | 'card'
  readonly details: Json
  active: boolean
}

export interface Payout extends Kept {
  readonly fundAccountId: string
  readonly amountMinor: bigint
  readonly mode: string
  readonly purpose: string
  readonly referenceId: string | null
  readonly narration: string
  readonly queueIfLowBalance: boolean
  status: 'pending' | 'queued' | 'processing' | 'processed' | 'reversed' | 'cancelled' | 'rejected' | 'failed'
  feeMinor: bigint
  taxMinor: bigint
  utr: string | null
  statusDetails: StatusDetails
}

export interface StatusDetails {
  readonly description: string
  readonly source: string
  readonly reason: string
}

/** A line of RazorpayX's account statement. */
export interface Transaction {
  readonly id: string
  readonly createdAt: number
  readonly amountMinor: bigint
  readonly creditMinor: bigint
  readonly debitMinor: bigint
  readonly balanceMinor: bigint
  /** As it is now, since a payout goes on after its debit. */
  source(): unknown
}

export interface Settlement {
  readonly id: string
  readonly createdAt: number
  /** The merchant's own account, or a linked one. */
  readonly accountId: string
  readonly amountMinor: bigint
  readonly feeMinor: bigint
  readonly taxMinor: bigint
  readonly utr: string
}

export interface Dispute extends Kept {
  readonly paymentId: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly reasonCode: string
  readonly phase: 'chargeback' | 'pre_arbitration' | 'arbitration' | 'retrieval' | 'fraud'
  readonly respondBy: number
  /** In paise, what is taken from the balance when it is lost. */
  readonly baseMinor: bigint
  /** Taken when it was opened already. */
  readonly heldBack: boolean
  status: 'open' | 'under_review' | 'won' | 'lost' | 'closed'
  amountDeductedMinor: bigint
  evidence: Json
  submittedAt: number | null
}
