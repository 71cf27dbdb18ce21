import { accountCodes } from '../accounts/chart.js'
import type { ClawbackKind } from '../gateways/clawback.js'
import type { Draft, View } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry, type Line } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { fromMinor, type Money, negate, subtract, sum } from '../money/index.js'
import { type Clawback, clawbackEntryKinds, clawbackKey, missingNames } from '../payments/clawback.js'
import { placeFact, suspend, suspendRedirected, takeFromSuspense } from '../payments/facts.js'
import { type Payment, payments } from '../payments/payment.js'
import { suspenseIdOf, suspenseItems } from '../payments/suspense.js'
import { onlyEscrowOf, placeOf, takeFromEscrow } from './place-clawback.js'

interface Move {
  readonly payment: Payment
  /** What is taken, above zero, or given back, below it. */
  readonly more: Money
  readonly at: ParsedInstant | undefined
}

/** The account that the gateway took it out of. */
export function sourceOf(view: Pick<View, 'gateway'>, kind: ClawbackKind, payment: Payment): string {
  return (kind === 'refund' ? view.gateway(payment.gateway).refunds : undefined) ?? payment.account
}

/**
 * Posts what a gateway took. A refund is taken from the one escrow that its payment went to, as far as that still holds it,
 * so that its payer is not paid twice, or from what is in suspense of a payment that no escrow has had anything of. Any
 * other refund, and what a dispute takes, is missing in suspense, for people to place.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | refund of what escrow s1 holds | escrow:s1 100.00 | gateway:razorpay:clearing 100.00 |
 * | refund otherwise, dispute | suspense:razorpay 100.00 | gateway:razorpay:clearing 100.00 |
 */
export function take(draft: Draft, clawback: Clawback, { payment, more, at }: Move): Clawback {
  const { kind, gateway } = clawback
  const place = kind === 'refund' ? placeOf(draft, payment, more) : null
  const from = place ? accountCodes.held(place.escrow.id) : accountCodes.suspense(gateway)
  const lines = [debit(from, more), credit(sourceOf(draft, kind, payment), more)]
  const about = place && { escrow: place.escrow.id, party: place.escrow.payer, last: place.escrow.lastAt }
  const entry = post(draft, clawback, { lines, at, entryKind: clawbackEntryKinds(kind).taken, about })
  const counted = countOnPayment(kind, payment, more)
  const moved = { ...clawback, lastEntry: entry.id }
  if (place) {
    const { reference, payment: of } = clawback
    const detail = { gateway, reference, payment: of }
    takeFromEscrow(draft, place, { command: 'gateway-refund', amount: more, at: entry.effectiveAt, detail })
    draft.put(payments, counted)
    return { ...moved, escrow: place.escrow.id }
  }
  if (kind === 'refund' && isUnallocated(payment, more)) {
    takeFromSuspense(draft, suspenseIdOf(payment), more)
    draft.put(payments, { ...counted, suspenseMinor: payment.suspenseMinor - more.minor })
    return moved
  }
  draft.put(payments, counted)
  const key = clawbackKey(clawback)
  const id = draft.get(suspenseItems, key) ? `${key}:${clawback.revision}` : key
  const item = suspendMissing(draft, { clawback, payment, more, entry }, id)
  return { ...moved, suspense: item }
}

/**
 * Posts what a gateway gave back of what it had taken, as it does when a dispute was won. What of that has been placed by
 * then, or was never missing in suspense, is kept there for people.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:clearing 100.00 | suspense:razorpay 100.00 |
 */
export function giveBack(draft: Draft, clawback: Clawback, { payment, more, at }: Move): Clawback {
  const { kind, gateway, payment: reference } = clawback
  const amount = negate(more)
  const filled = partsMissing(draft, clawback, amount)
  const left = sum(
    filled.map(({ part }) => part),
    amount.currency,
  )
  const gone = subtract(amount, left)
  const suspense = accountCodes.suspense(gateway)
  const lines = [debit(sourceOf(draft, kind, payment), amount), credit(suspense, left), credit(suspense, gone)]
  const entry = post(draft, clawback, { lines, at, entryKind: clawbackEntryKinds(kind).returned, about: null })
  for (const { item, part } of filled) takeFromSuspense(draft, item, negate(part))
  if (gone.minor > 0n) {
    const about = { gateway, reference, escrow: onlyEscrowOf(payment), instruction: null, entry: entry.id }
    suspend(draft, { ...about, currency: gone.currency, amountMinor: gone.minor, reason: 'already_resolved' })
  }
  draft.put(payments, countOnPayment(kind, payment, more))
  return { ...clawback, lastEntry: entry.id }
}

/** What of an amount fills which items that a clawback has missing in suspense, the latest first. */
function partsMissing(draft: Draft, clawback: Clawback, amount: Money): { item: string; part: Money }[] {
  let left = amount.minor
  return missingNames(clawback).flatMap((item) => {
    const missing = -(draft.get(suspenseItems, item)?.remainingMinor ?? 0n)
    const minor = missing < left ? missing : left
    if (minor <= 0n) return []
    left -= minor
    return [{ item, part: fromMinor(minor, amount.currency) }]
  })
}

interface Posting {
  readonly lines: readonly Line[]
  readonly at: ParsedInstant | undefined
  readonly entryKind: string
  /** The escrow that it is taken from. */
  readonly about: { readonly escrow: string; readonly party: string; readonly last: number | null } | null
}

function post(draft: Draft, clawback: Clawback, { lines: wanted, at, entryKind: kind, about }: Posting): Entry {
  const { gateway, reference, payment, lastEntry } = clawback
  const { lines, redirected } = placeFact(draft, wanted, gateway)
  const before = lastEntry === null ? null : (draft.entry(lastEntry)?.effectiveAt ?? null)
  const last = Math.max(about?.last ?? 0, before ?? 0)
  const time = effectiveOfFact(draft, { at, now: draft.now, last })
  const { escrow = null, party = null } = about ?? {}
  const entry = postEntry(draft, { kind, lines, ...time, gateway, reference, payment, escrow, party })
  suspendRedirected(draft, redirected, { gateway, reference: payment, escrow, instruction: null, entry: entry.id })
  return entry
}

/** Lists what is missing. */
function suspendMissing(
  draft: Draft,
  { clawback, payment, more, entry }: Pick<Move, 'payment' | 'more'> & { clawback: Clawback; entry: Entry },
  id: string,
): string {
  const { kind, gateway, payment: reference } = clawback
  const reason = kind === 'refund' ? 'refunded_at_gateway' : 'charged_back'
  const about = {
    gateway,
    reference,
    escrow: onlyEscrowOf(payment),
    instruction: null,
    entry: entry.id,
    reason,
  } as const
  return suspend(draft, { ...about, currency: more.currency, amountMinor: -more.minor }, id).id
}

/** Whether all of an amount lies in suspense under the payment's own name, since no escrow has had anything of it. */
function isUnallocated({ allocations, currency, suspenseMinor }: Payment, amount: Money): boolean {
  return allocations.length === 0 && currency === amount.currency && suspenseMinor >= amount.minor
}

/** An amount in another currency than the payment's is no part of what its payer paid. */
function countOnPayment(kind: ClawbackKind, payment: Payment, { minor, currency }: Money): Payment {
  const counted = { ...payment, revision: payment.revision + 1 }
  if (currency !== payment.currency) return counted
  return kind === 'refund'
    ? { ...counted, refundedMinor: payment.refundedMinor + minor }
    : { ...counted, chargedBackMinor: payment.chargedBackMinor + minor }
}
