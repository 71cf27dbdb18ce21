import { z } from 'zod'
import { type LocalDay, parseDay, zoneOf } from './local-day.js'

/**
 * When something happened: milliseconds since 1970, a `Date`, an ISO 8601 text with its offset, or a bare date, which
 * is meant in the book's zone (its start when posting, its end, inclusive, when reading "as of").
 */
export type InstantInput = number | Date | string

/** A time after validation: an instant, or a bare day that only a zone turns into one. */
export type ParsedInstant = { readonly at: number } | { readonly day: LocalDay }

/** The years 1970 to 9999, in milliseconds. */
const LAST_INSTANT = 253_402_300_799_999
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/
const what =
  'must be milliseconds, a Date, an ISO time with its offset ("2026-11-01T09:30:00+05:30") or a date ("2026-11-01")'

/** Reads a time, or says what is wrong with it. */
function parseInstant(input: unknown): ParsedInstant | string {
  if (typeof input === 'string') {
    const day = parseDay(input)
    if (day !== null) return day >= 0 ? { day } : 'must not be before 1970'
    if (!withOffset.test(input) || parseDay(input.slice(0, 10)) === null) return what
    return inRange(Date.parse(input))
  }
  if (input instanceof Date) return inRange(input.getTime())
  if (typeof input === 'number') return inRange(input)
  return what
}

/** Whether it is an instant in whole milliseconds, of the years 1970 to 9999. */
export function isInstant(at: unknown): at is number {
  return typeof at === 'number' && Number.isInteger(at) && at >= 0 && at <= LAST_INSTANT
}

function inRange(at: number): ParsedInstant | string {
  if (!Number.isInteger(at)) return what
  return isInstant(at) ? { at } : 'must be between 1970 and 9999'
}

/** The schema of every time that a caller gives. */
export const instantSchema = z.custom<InstantInput>().transform((input, context): ParsedInstant => {
  const parsed = parseInstant(input)
  if (typeof parsed !== 'string') return parsed
  context.addIssue({ code: 'custom', message: parsed })
  return z.NEVER
})

/**
 * The instant that is meant when posting: a bare day means its start. East of Greenwich the first day began before the
 * first instant that books keep, 0, which stands for its start.
 */
export function postingInstant(parsed: ParsedInstant, timeZone: string): number {
  return 'at' in parsed ? parsed.at : Math.max(0, zoneOf(timeZone).startOf(parsed.day))
}

/** The last instant that is meant when reading "as of": a bare day means its end, inclusive. */
export function readingInstant(parsed: ParsedInstant, timeZone: string): number {
  return 'at' in parsed ? parsed.at : zoneOf(timeZone).startOf(parsed.day + 1) - 1
}
