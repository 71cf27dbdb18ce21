import { Refusal, refuseIf } from './refusal.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** Whole milliseconds, as far as a JavaScript date reaches. */
const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  formatters.set(zone, made)
  return made
}

export function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string' || zone === '') return false
  try {
    formatter(zone)
    return true
  } catch {
    return false
  }
}

/** The local day of an instant, as `YYYY-MM-DD`. */
export function dayOf(zone: string, instant: number): string {
  const parts = formatter(zone).formatToParts(instant)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}

/** A date that exists, as midnight of that date in UTC; anything else is `invalid_input`. */
function utcMidnight(day: unknown): number {
  if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Refusal('invalid_input')
  const midnight = Date.parse(`${day}T00:00:00.000Z`)
  refuseIf(Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day, 'invalid_input')
  return midnight
}

/** The first instant whose local day is that day or a later one. */
function startOfDay(zone: string, day: string): number {
  const midnight = utcMidnight(day)
  if (zone === 'UTC') return midnight
  let before = midnight - DAY_MS
  let reached = midnight + DAY_MS
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2)
    if (dayOf(zone, middle) >= day) reached = middle
    else before = middle
  }
  return reached
}

const dayAfter = (day: string): string => new Date(utcMidnight(day) + DAY_MS).toISOString().slice(0, 10)

/** The first instant after a day. */
export const endOfDay = (zone: string, day: string): number => startOfDay(zone, dayAfter(day))

/** A time of a command: milliseconds, or a bare date, which means its start, or the first instant that books keep. */
export function readTime(zone: string, value: unknown): number {
  if (isInstant(value)) return value
  utcMidnight(value)
  return Math.max(0, startOfDay(zone, value as string))
}

/** A time to look back from: milliseconds, or a bare date, which means its end, inclusive. */
export function readAsOf(zone: string, value: unknown): number {
  if (isInstant(value)) return value
  utcMidnight(value)
  return endOfDay(zone, value as string) - 1
}

/** A bare date and nothing else. */
export function readDay(value: unknown): string {
  utcMidnight(value)
  return value as string
}
