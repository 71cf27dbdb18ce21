import { type Books, balanceOf } from './books.js'
import { escapeId } from './chart.js'
import type { Fraction } from './fraction.js'
import type { PaymentKey } from './payment.js'
import { Refusal, refuseIf } from './refusal.js'
import type { Release } from './release.js'
import type { Terms } from './terms.js'

/** One funding of an escrow: money of a payment, or credit from an account. */
export interface Funding {
  readonly source: { readonly payment: PaymentKey } | { readonly account: string }
  readonly amount: bigint
  readonly effectiveAt: number
}

/** A part of a funding that went back to where it came from. */
export interface Return {
  readonly funding: number
  readonly amount: bigint
  /** Whether it left as part of a release (the payer's part of a deduction), or instead of one. */
  readonly within: 'release' | 'refund'
}

interface Dispute {
  readonly id: string
  readonly amount: bigint
  readonly resolvedAt?: number
}

/** What was said and done about an escrow. Everything else about it is derived from this and from posted lines. */
export interface Escrow {
  readonly id: string
  readonly payer: string
  readonly parties: ReadonlyMap<string, string>
  readonly amount: bigint
  readonly currency: string
  readonly terms: Terms
  readonly openedAt: number
  readonly deliveredAt?: number
  readonly completedAt?: number
  readonly cancelledAt?: number
  readonly measures: ReadonlyMap<string, Fraction>
  readonly fundings: readonly Funding[]
  readonly returns: readonly Return[]
  readonly disputes: readonly Dispute[]
  readonly releases: readonly Release[]
  /** What runs have tried since the last release without success, and when the next one tries again. */
  readonly attempt?: { readonly count: number; readonly code: string; readonly nextAt: number }
}

export type Status = 'settled' | 'disputed' | 'cancelled' | 'refunded' | 'completed' | 'delivered' | 'funded' | 'opened'

export function findEscrow(books: Books, id: string): Escrow {
  const escrow = books.escrows.get(id)
  if (!escrow) throw new Refusal('escrow_not_found')
  return escrow
}

export const heldCode = (escrow: Escrow): string => `escrow:${escapeId(escrow.id)}`

export const frozenCode = (escrow: Escrow): string => `escrow:${escapeId(escrow.id)}:frozen`

export const held = (books: Books, escrow: Escrow): bigint => balanceOf(books, heldCode(escrow), escrow.currency)

export const frozen = (books: Books, escrow: Escrow): bigint => balanceOf(books, frozenCode(escrow), escrow.currency)

const total = (amounts: readonly { readonly amount: bigint }[]): bigint =>
  amounts.reduce((all, { amount }) => all + amount, 0n)

export const funded = (escrow: Escrow): bigint => total(escrow.fundings)

export const remaining = (escrow: Escrow): bigint => escrow.amount - funded(escrow)

export const released = (escrow: Escrow): bigint => total(escrow.releases)

/** What went back to the payer without ever being released. */
export const refunded = (escrow: Escrow): bigint => total(escrow.returns.filter(({ within }) => within === 'refund'))

/** When funding reached the escrow's amount, if it has. */
export function fullyFundedAt(escrow: Escrow): number | undefined {
  let counted = 0n
  for (const { amount, effectiveAt } of escrow.fundings) {
    counted += amount
    if (counted >= escrow.amount) return effectiveAt
  }
  return undefined
}

function lastResolvedAt(escrow: Escrow): number | undefined {
  const times = escrow.disputes.flatMap(({ resolvedAt }) => (resolvedAt === undefined ? [] : [resolvedAt]))
  return times.length === 0 ? undefined : Math.max(...times)
}

/** When a release falls due, or undefined while it does not. */
export function dueAt(books: Books, escrow: Escrow): number | undefined {
  const resolvedAt = lastResolvedAt(escrow)
  if (escrow.cancelledAt !== undefined) return held(books, escrow) > 0n ? resolvedAt : undefined
  const fundedAt = fullyFundedAt(escrow)
  if (escrow.completedAt === undefined || fundedAt === undefined) return undefined
  return Math.max(escrow.completedAt + escrow.terms.holdMs, fundedAt, resolvedAt ?? fundedAt)
}

/** When the inspection period of a delivered escrow ends, unless it was answered or the escrow has ended. */
export function inspectionEndsAt(books: Books, escrow: Escrow): number | undefined {
  const { deliveredAt, completedAt, terms } = escrow
  if (deliveredAt === undefined || completedAt !== undefined || terms.inspectionMs === undefined) return undefined
  return endOf(books, escrow) === undefined ? deliveredAt + terms.inspectionMs : undefined
}

const nothingLeft = (books: Books, escrow: Escrow): boolean =>
  held(books, escrow) === 0n && frozen(books, escrow) === 0n

const isSettled = (books: Books, escrow: Escrow): boolean => escrow.releases.length > 0 && nothingLeft(books, escrow)

const isRefunded = (books: Books, escrow: Escrow): boolean =>
  escrow.fundings.length > 0 && escrow.releases.length === 0 && nothingLeft(books, escrow)

/** The status: the first that applies. */
export function statusOf(books: Books, escrow: Escrow): Status {
  if (isSettled(books, escrow)) return 'settled'
  if (frozen(books, escrow) > 0n) return 'disputed'
  if (escrow.cancelledAt !== undefined) return 'cancelled'
  if (isRefunded(books, escrow)) return 'refunded'
  if (escrow.completedAt !== undefined) return 'completed'
  if (escrow.deliveredAt !== undefined) return 'delivered'
  if (fullyFundedAt(escrow) !== undefined) return 'funded'
  return 'opened'
}

/** By which of the three ends an escrow has ended, if it has. */
export function endOf(books: Books, escrow: Escrow): string | undefined {
  if (isSettled(books, escrow)) return 'escrow_already_settled'
  if (escrow.cancelledAt !== undefined) return 'escrow_already_cancelled'
  return isRefunded(books, escrow) ? 'escrow_already_refunded' : undefined
}

/** Refuses what comes after an escrow's end. */
export function refuseEnded(books: Books, escrow: Escrow): void {
  const end = endOf(books, escrow)
  if (end !== undefined) throw new Refusal(end)
}

/** The same for `settle` and `refund`: a cancelled escrow that holds something again has not ended. */
export function refuseEndedWithNothingHeld(books: Books, escrow: Escrow): void {
  if (escrow.cancelledAt !== undefined && held(books, escrow) > 0n) return
  refuseEnded(books, escrow)
}

/** Refuses an amount that is off the terms' step, except for all that it could be. */
export function refuseOffStep(escrow: Escrow, amount: bigint, all?: bigint): void {
  refuseIf(amount % escrow.terms.step !== 0n && amount !== all, 'amount_off_step')
}
