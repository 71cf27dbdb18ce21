import type { Books, Entry } from './books.js'
import { endOfDay } from './calendar.js'
import { Refusal, refuseIf } from './refusal.js'

/** The first instant that is not in a closed period. */
export const firstOpenInstant = (books: Books): number =>
  books.closedThrough === undefined ? Number.NEGATIVE_INFINITY : endOfDay(books.zone, books.closedThrough)

/** Entries about money on its way, which the escrow does not hold any more: they bind none of its own. */
const onItsWay: readonly string[] = ['refund_instructed', 'refund_processed', 'refund_failed']

/** When an escrow's last entry was effective. Before its first entry, everything is later. */
export function lastEntryAt(books: Books, escrow: string | undefined): number {
  const own = (entry: Entry) => entry.escrow === escrow && !onItsWay.includes(entry.kind)
  const entry = escrow === undefined ? undefined : books.entries.findLast(own)
  return entry?.effectiveAt ?? Number.NEGATIVE_INFINITY
}

/** When a request is effective; `notBefore` is what it must not lie before. */
export function requestTime(
  books: Books,
  request: { readonly at: number | undefined; readonly notBefore: number; readonly posts: boolean },
): number {
  const at = request.at ?? Math.max(books.now, request.notBefore)
  refuseIf(request.at !== undefined && at > books.now, 'time_in_future')
  refuseIf(request.posts && at < firstOpenInstant(books), 'period_closed')
  if (at < request.notBefore) throw new Refusal('time_before_last')
  return at
}

/** When a fact is effective: the nearest allowed instant, and what was said where that differs. */
export function factTime(
  books: Books,
  fact: { readonly at: number | undefined; readonly notBefore: number },
): { readonly effectiveAt: number; readonly occurredAt?: number } {
  const at = fact.at ?? books.now
  const effectiveAt = Math.max(Math.min(at, books.now), firstOpenInstant(books), fact.notBefore)
  return fact.at === undefined || effectiveAt === at ? { effectiveAt } : { effectiveAt, occurredAt: at }
}
