import { invalidInput } from '../accounts/text.js'

/** A calendar day as the number of days since 1970-01-01, and the zone it is meant in is the book's. */
export type LocalDay = number

const DAY_MS = 86_400_000
/** Offsets change at quarters of an hour, and in a few zones (St. John's until 2011, Gaza in 2010) a minute after midnight. */
const QUARTER_MS = 900_000

interface Zone {
  readonly dayOf: (instant: number) => LocalDay
  readonly startOf: (day: LocalDay) => number
}

const zones = new Map<string, Zone>()

/** The calendar of an IANA zone. Throws `invalid_input` for a zone that the runtime does not know. */
export function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known) return known
  const made = timeZone === 'UTC' ? utc : createZone(timeZone)
  zones.set(timeZone, made)
  return made
}

const utc: Zone = { dayOf: (instant) => Math.floor(instant / DAY_MS), startOf: (day) => day * DAY_MS }

function createZone(timeZone: string): Zone {
  const formatter = formatterOf(timeZone)
  const offsets = new Map<number, number>()

  function offsetAt(instant: number): number {
    const quarter = Math.floor(instant / QUARTER_MS)
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const start = quarter * QUARTER_MS
    const parts = Object.fromEntries(formatter.formatToParts(start).map((part) => [part.type, part.value]))
    const local = Date.UTC(
      Number(parts.year),
      Number(parts.month) - 1,
      Number(parts.day),
      Number(parts.hour),
      Number(parts.minute),
      Number(parts.second),
    )
    if (offsets.size > 5_000) offsets.clear()
    offsets.set(quarter, local - start)
    return local - start
  }

  const shownDay = (instant: number) => Math.floor((instant + offsetAt(instant)) / DAY_MS)

  /** Where the clock goes back over midnight, a day has not begun until it is there to stay: days never go back. */
  const dayOf = (instant: number) => Math.min(shownDay(instant), shownDay(instant + QUARTER_MS))

  /** The first instant of a day: midnight, or the end of the gap where a clock change swallows midnight. */
  function startOf(day: LocalDay): number {
    let instant = day * DAY_MS - offsetAt(day * DAY_MS)
    instant = day * DAY_MS - offsetAt(instant)
    while (dayOf(instant) < day) instant += QUARTER_MS
    while (dayOf(instant - QUARTER_MS) === day) instant -= QUARTER_MS
    return instant
  }

  return { dayOf, startOf }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const fields = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...fields })
  } catch {
    throw invalidInput([
      { path: 'timeZone', message: `must be an IANA time zone such as "Asia/Kolkata", not "${timeZone}"` },
    ])
  }
}

/** A day as `2026-11-01`. */
export function formatDay(day: LocalDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Reads `2026-11-01`; null when the text is not a day of the calendar. */
export function parseDay(text: string): LocalDay | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const instant = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== text) return null
  return instant / DAY_MS
}
