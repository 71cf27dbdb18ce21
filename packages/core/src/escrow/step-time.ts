import { ledgerError } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import { type ParsedInstant, postingInstant } from '../journal/instant.js'

/**
 * When a step that posts nothing happened. Refused: `time_in_future`, and `time_before_last` when it lies before what
 * must have come first. Closed periods do not matter to it.
 */
export function stepTime(
  draft: Draft,
  { at, notBefore }: { at: ParsedInstant | undefined; notBefore: number },
): number {
  if (at === undefined) return Math.max(draft.now, notBefore)
  const asked = postingInstant(at, draft.book.timeZone)
  if (asked > draft.now) {
    throw ledgerError(
      'time_in_future',
      `${new Date(asked).toISOString()} lies in the future. Give a time that has come, or none.`,
      { at: asked, now: draft.now },
    )
  }
  if (asked < notBefore) {
    throw ledgerError(
      'time_before_last',
      `${new Date(asked).toISOString()} lies before ${new Date(notBefore).toISOString()}, the step it follows. Give that time or a later one.`,
      { at: asked, last: notBefore },
    )
  }
  return asked
}
