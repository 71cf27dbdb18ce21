import { parseDay } from 'escrow-ledger'

const isoWithOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** Reads an ISO 8601 time with its offset from UTC, as milliseconds; null when it is not one. */
export function parseInstant(text: string): number | null {
  // `Date.parse` takes the 30th of February for the 2nd of March; `parseDay` knows the calendar.
  if (!isoWithOffset.test(text) || parseDay(text.slice(0, 10)) === null) return null
  const instant = Date.parse(text)
  return instant >= 0 ? instant : null
}

/** An instant as `2026-11-02 09:30:00`, in UTC. */
export function showInstant(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ')
}
