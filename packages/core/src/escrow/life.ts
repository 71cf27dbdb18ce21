import { ledgerError } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import type { LifeEvent } from '../journal/records.js'
import { type Escrow, escrows } from './escrow.js'

/** Where an escrow stands, derived from its facts. The first that applies, in this order. */
export const escrowStatuses = [
  'settled',
  'disputed',
  'cancelled',
  'refunded',
  'completed',
  'delivered',
  'funded',
  'opened',
] as const
export type EscrowStatus = (typeof escrowStatuses)[number]

export function statusOf(escrow: Escrow): EscrowStatus {
  if (escrow.settledAt !== null) return 'settled'
  if (escrow.frozenMinor > 0n) return 'disputed'
  if (escrow.cancelledAt !== null) return 'cancelled'
  if (isRefunded(escrow)) return 'refunded'
  if (escrow.completedAt !== null) return 'completed'
  if (escrow.deliveredAt !== null) return 'delivered'
  return escrow.fundedMinor >= escrow.amountMinor ? 'funded' : 'opened'
}

/** All that ever arrived went back. */
function isRefunded(escrow: Escrow): boolean {
  return escrow.fundedMinor > 0n && escrow.heldMinor === 0n && escrow.frozenMinor === 0n && escrow.releasedMinor === 0n
}

/** When the held money falls due, in milliseconds; null while that cannot be said. */
export function dueAt(escrow: Escrow): number | null {
  if (escrow.heldMinor === 0n) return null
  if (escrow.cancelledAt !== null) return escrow.resolvedAt
  if (escrow.completedAt === null || escrow.fundedAt === null) return null
  return Math.max(escrow.completedAt + escrow.terms.holdMs, escrow.fundedAt, escrow.resolvedAt ?? 0)
}

/** The same, where an inspection period that is running ends without an answer: a settlement run completes the escrow then. */
export function fallsDueAt(escrow: Escrow): number | null {
  const inspected = inspectionEndsAt(escrow)
  return dueAt(inspected === null ? escrow : { ...escrow, completedAt: inspected })
}

/** When the inspection period of a delivered escrow ends without an answer; null where none is running. */
export function inspectionEndsAt(escrow: Escrow): number | null {
  const { inspectionMs } = escrow.terms
  if (inspectionMs === null || escrow.deliveredAt === null || escrow.completedAt !== null) return null
  return endedCode(escrow) === null ? escrow.deliveredAt + inspectionMs : null
}

type EndedCode = 'escrow_already_settled' | 'escrow_already_cancelled' | 'escrow_already_refunded'

function endedCode(escrow: Escrow): EndedCode | null {
  if (escrow.settledAt !== null) return 'escrow_already_settled'
  if (escrow.cancelledAt !== null) return 'escrow_already_cancelled'
  return isRefunded(escrow) ? 'escrow_already_refunded' : null
}

/** Whether nothing more can happen to an escrow, but for what is still in dispute. */
export function hasEnded(escrow: Escrow): boolean {
  return endedCode(escrow) !== null
}

/** Refuses an escrow that has ended: `escrow_already_settled`, `escrow_already_cancelled`, `escrow_already_refunded`. */
export function checkNotEnded(escrow: Escrow): void {
  const code = endedCode(escrow)
  if (code) {
    throw ledgerError(
      code,
      `Escrow ${escrow.id} was ${code.slice('escrow_already_'.length)} already. escrows.get shows what became of it.`,
    )
  }
}

/** The same, but a cancelled escrow that holds something again, after a dispute, can still pay it out or back. */
export function checkNotEndedOrHoldsAgain(escrow: Escrow): void {
  if (escrow.settledAt === null && escrow.cancelledAt !== null && escrow.heldMinor > 0n) return
  checkNotEnded(escrow)
}

/** Throws `escrow_not_funded` while nothing ever arrived, and `escrow_disputed` when all that is there is frozen. */
export function checkHolds(escrow: Escrow): void {
  if (escrow.fundedMinor === 0n) {
    throw ledgerError(
      'escrow_not_funded',
      `Escrow ${escrow.id} has not been funded yet. Fund it first with escrows.fund.`,
    )
  }
  if (escrow.heldMinor === 0n && escrow.frozenMinor > 0n) {
    throw ledgerError('escrow_disputed', `All that escrow ${escrow.id} holds is in dispute. Resolve the dispute first.`)
  }
}

/** The escrow of a command. Throws `escrow_not_found`. */
export function requireEscrow(draft: Pick<Draft, 'get'>, id: string): Escrow {
  const escrow = draft.get(escrows, id)
  if (escrow) return escrow
  throw ledgerError('escrow_not_found', `There is no escrow ${id} in this book. Open it first with escrows.open.`)
}

/** What a command adds to a deal's story. */
interface Told {
  readonly command: string
  readonly at: number
  readonly detail?: LifeEvent['detail'] | undefined
}

/**
 * Keeps an escrow after a step: derived instants are brought up to date, and the step is told in its timeline. The one
 * place where escrows are written.
 */
export function keepEscrow(draft: Draft, escrow: Escrow, told: Told): Escrow {
  const emptied = escrow.releasedMinor > 0n && escrow.heldMinor === 0n && escrow.frozenMinor === 0n
  const settled = { ...escrow, settledAt: escrow.settledAt ?? (emptied ? told.at : null) }
  const steps = escrow.steps + 1
  const revision = escrow.revision + 1
  const kept = { ...settled, steps, fallsDueAt: fallsDueAt(settled), nextAt: nextAt(settled), revision }
  draft.put(escrows, kept)
  draft.log({
    escrow: escrow.id,
    sequence: steps,
    command: told.command,
    actor: draft.actor,
    at: told.at,
    recordedAt: draft.now,
    detail: told.detail ?? {},
  })
  return kept
}

/** When a settlement run has something to do with an escrow. */
function nextAt(escrow: Escrow): number | null {
  const next = inspectionEndsAt(escrow) ?? dueAt(escrow)
  return next === null ? null : Math.max(next, escrow.failedAttempt?.nextAt ?? 0)
}
