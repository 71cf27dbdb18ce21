import type { RecordKind } from '../journal/records.js'
import type { Terms } from './terms.js'

/** Where an escrow's money came from: a payment, or credit in an account; newest last. */
export interface Funding {
  /** A gateway's payment … */
  readonly gateway: string | null
  readonly reference: string | null
  /** … or the account that the credit was taken from, to which it also goes back. */
  readonly from: string | null
  readonly amountMinor: bigint
  /** What of it went back to the payer, or is on its way. */
  readonly refundedMinor: bigint
}

export interface Dispute {
  readonly id: string
  readonly amountMinor: bigint
  readonly reason: string | null
  readonly openedAt: number
  readonly resolvedAt: number | null
  /** What the payer got of it, once it is resolved. */
  readonly payerMinor: bigint | null
}

/** What a party was allotted of all releases so far, and what was then taken from it. */
export interface PartyTotals {
  readonly allottedMinor: bigint
  readonly deductedMinor: bigint
  /** Allotted less deducted: what the party's account was credited. */
  readonly releasedMinor: bigint
  /** Kept back for taxes and reserves. */
  readonly withheldMinor: bigint
  /** Taken back after it was released. */
  readonly takenBackMinor: bigint
}

/** What a deduction took so far. */
export interface DeductionTotals {
  readonly takenMinor: bigint
  /** What it wanted and could not take, since the share was used up. */
  readonly shortfallMinor: bigint
  /** Where it went, in the order of the deduction's own list. */
  readonly givenMinor: readonly GivenAmount[]
}

interface GivenAmount {
  readonly to: string
  readonly amountMinor: bigint
}

/** One attempt of a settlement run that was refused. */
export interface FailedAttempt {
  readonly code: string
  readonly message: string
  readonly attempts: number
  readonly at: number
  readonly nextAt: number
}

/** One deal's money from payer to payees. Status is derived from these facts (`statusOf`), never stored as one. */
export interface Escrow {
  readonly id: string
  readonly payer: string
  /** The ids behind the party names of the terms. */
  readonly parties: Readonly<Record<string, string>>
  readonly currency: string
  readonly amountMinor: bigint
  readonly terms: Terms
  readonly metadata: Readonly<Record<string, string>>

  readonly fundedMinor: bigint
  readonly heldMinor: bigint
  readonly frozenMinor: bigint
  readonly releasedMinor: bigint
  readonly refundedMinor: bigint
  readonly chargedBackMinor: bigint

  readonly openedAt: number
  /** When the whole amount had arrived. */
  readonly fundedAt: number | null
  readonly deliveredAt: number | null
  readonly completedAt: number | null
  /** When the last dispute was resolved. */
  readonly resolvedAt: number | null
  readonly settledAt: number | null
  readonly cancelledAt: number | null
  /** Effective time of the last entry; no later entry of this escrow is effective before it. */
  readonly lastAt: number | null

  /** Scores as canonical decimal texts, by measure. */
  readonly measures: Readonly<Record<string, string>>
  readonly fundings: readonly Funding[]
  readonly disputes: readonly Dispute[]
  readonly releases: number
  readonly partyTotals: Readonly<Record<string, PartyTotals>>
  /** In the order of the terms' deductions. */
  readonly deductionTotals: readonly DeductionTotals[]

  /** When the held money falls due, or has: an inspection that ends without an answer counts, a refused attempt does not. */
  readonly fallsDueAt: number | null
  /** When the settlement run has something to do here, if ever: inspection over, release due, or the next attempt. */
  readonly nextAt: number | null
  readonly failedAttempt: FailedAttempt | null
  /** How many steps its timeline has. */
  readonly steps: number
  readonly revision: number
}

export const escrows: RecordKind<Escrow> = { name: 'escrows', keyOf: (escrow) => escrow.id }
