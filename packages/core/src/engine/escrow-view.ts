import type { Escrow } from '../escrow/escrow.js'
import { dueAt, type EscrowStatus, statusOf } from '../escrow/life.js'
import type { Terms } from '../escrow/terms.js'
import { fromMinor, type Money } from '../money/index.js'

/** An escrow as the host sees it. Times are milliseconds. */
export interface EscrowView {
  readonly id: string
  readonly status: EscrowStatus
  readonly payer: string
  readonly parties: Readonly<Record<string, string>>
  readonly amount: Money
  readonly funded: Money
  readonly held: Money
  readonly frozen: Money
  readonly released: Money
  readonly refunded: Money
  readonly chargedBack: Money
  readonly terms: Terms
  readonly metadata: Readonly<Record<string, string>>
  readonly measures: Readonly<Record<string, string>>
  readonly openedAt: number
  readonly fundedAt: number | null
  readonly deliveredAt: number | null
  readonly completedAt: number | null
  readonly settledAt: number | null
  readonly cancelledAt: number | null
  /** When the held money falls due; null while that cannot be said. */
  readonly dueAt: number | null
  readonly releases: number
  /** By party name: what it was allotted, what was then taken from it, and what it was paid. */
  readonly shares: Readonly<Record<string, ShareView>>
  readonly deductions: readonly DeductionView[]
  readonly disputes: readonly DisputeView[]
  /** The last refused attempt of a settlement run since the last release, if there was one. */
  readonly failedAttempt: Escrow['failedAttempt']
}

export interface ShareView {
  readonly allotted: Money
  readonly deducted: Money
  readonly released: Money
  readonly withheld: Money
  readonly takenBack: Money
}

export interface DeductionView {
  readonly name: string
  readonly from: string
  readonly taken: Money
  /** What it wanted and could not take. */
  readonly shortfall: Money
}

export interface DisputeView {
  readonly id: string
  readonly amount: Money
  readonly reason: string | null
  readonly openedAt: number
  readonly resolvedAt: number | null
  /** What the payer got of it; null while it is open. */
  readonly toPayer: Money | null
}

export function escrowView(escrow: Escrow): EscrowView {
  const amount = (minor: bigint) => fromMinor(minor, escrow.currency)
  const { id, payer, parties, terms, metadata, measures, releases, failedAttempt } = escrow
  const { openedAt, fundedAt, deliveredAt, completedAt, settledAt, cancelledAt } = escrow
  return {
    id,
    status: statusOf(escrow),
    payer,
    parties,
    amount: amount(escrow.amountMinor),
    funded: amount(escrow.fundedMinor),
    held: amount(escrow.heldMinor),
    frozen: amount(escrow.frozenMinor),
    released: amount(escrow.releasedMinor),
    refunded: amount(escrow.refundedMinor),
    chargedBack: amount(escrow.chargedBackMinor),
    terms,
    metadata,
    measures,
    openedAt,
    fundedAt,
    deliveredAt,
    completedAt,
    settledAt,
    cancelledAt,
    dueAt: dueAt(escrow),
    releases,
    shares: Object.fromEntries(
      Object.entries(escrow.partyTotals).map(([party, totals]) => [
        party,
        {
          allotted: amount(totals.allottedMinor),
          deducted: amount(totals.deductedMinor),
          released: amount(totals.releasedMinor),
          withheld: amount(totals.withheldMinor),
          takenBack: amount(totals.takenBackMinor),
        },
      ]),
    ),
    deductions: terms.deductions.map(({ name, from }, index) => ({
      name,
      from,
      taken: amount(escrow.deductionTotals[index]?.takenMinor ?? 0n),
      shortfall: amount(escrow.deductionTotals[index]?.shortfallMinor ?? 0n),
    })),
    disputes: escrow.disputes.map(({ id: dispute, amountMinor, reason, openedAt: opened, resolvedAt, payerMinor }) => ({
      id: dispute,
      amount: amount(amountMinor),
      reason,
      openedAt: opened,
      resolvedAt,
      toPayer: payerMinor === null ? null : amount(payerMinor),
    })),
    failedAttempt,
  }
}
