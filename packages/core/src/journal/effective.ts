import { ledgerError } from '../errors/index.js'
import type { View } from './draft.js'
import { type ParsedInstant, postingInstant } from './instant.js'
import { formatDay, zoneOf } from './local-day.js'

/** When an entry counts, and when the fact behind it says it happened, where the two differ. */
export interface Effective {
  readonly effectiveAt: number
  readonly occurredAt: number | null
}

interface Timing {
  /** What the caller said; the clock's time when nothing was said. */
  readonly at: ParsedInstant | undefined
  readonly now: number
  /** The effective time of the last entry that this one must not precede, if any. */
  readonly last: number | null
}

/** The first instant of the open periods; 0 while nothing was closed. */
export function firstOpenInstant(view: Pick<View, 'book'>): number {
  const { closedThrough, timeZone } = view.book
  return closedThrough === null ? 0 : zoneOf(timeZone).startOf(closedThrough + 1)
}

/**
 * The effective time of a request. Refused, in this order: `time_in_future`, `period_closed`, `time_before_last`. A
 * request that says nothing is effective now, or at the last entry when another process's clock was ahead of ours.
 */
export function effectiveOfRequest(view: Pick<View, 'book'>, { at, now, last }: Timing): Effective {
  const asked = at === undefined ? Math.max(now, last ?? now) : postingInstant(at, view.book.timeZone)
  if (at !== undefined && asked > now) {
    throw ledgerError(
      'time_in_future',
      `${iso(asked)} lies in the future; it is ${iso(now)}. Give a time that has come, or none.`,
      { at: asked, now },
    )
  }
  checkOpen(view, asked)
  if (last !== null && asked < last) {
    throw ledgerError(
      'time_before_last',
      `${iso(asked)} lies before ${iso(last)}, the entry it follows. Give that time or a later one.`,
      { at: asked, last },
    )
  }
  return { effectiveAt: asked, occurredAt: null }
}

/** The effective time of a fact: the nearest allowed instant to when it happened, which is kept where it differs. */
export function effectiveOfFact(view: Pick<View, 'book'>, { at, now, last }: Timing): Effective {
  const happened = at === undefined ? now : postingInstant(at, view.book.timeZone)
  const effectiveAt = Math.max(Math.min(happened, now), last ?? 0, firstOpenInstant(view))
  return { effectiveAt, occurredAt: effectiveAt === happened ? null : happened }
}

/** Throws `period_closed` for an effective time in a closed period. */
function checkOpen(view: Pick<View, 'book'>, effectiveAt: number): void {
  if (effectiveAt >= firstOpenInstant(view)) return
  const closedThrough = formatDay(view.book.closedThrough as number)
  throw ledgerError(
    'period_closed',
    `The book is closed through ${closedThrough}; ${iso(effectiveAt)} lies before its end. Give a later time.`,
    { effectiveAt, closedThrough },
  )
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
