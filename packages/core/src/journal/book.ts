import { formatDay, type LocalDay } from './local-day.js'

/** The unit that balances by itself. Every row carries its book, and no statement touches two. */
export interface Book {
  readonly name: string
  /** An IANA zone, fixed by the book's first entry. */
  readonly timeZone: string
  /** The last day of the closed periods, inclusive; null while everything is open. */
  readonly closedThrough: LocalDay | null
  readonly hasEntries: boolean
  readonly revision: number
}

const DEFAULT_TIME_ZONE = 'UTC'

/** A book before anything was said about it. */
export function newBook(name: string): Book {
  return { name, timeZone: DEFAULT_TIME_ZONE, closedThrough: null, hasEntries: false, revision: 0 }
}

/** A book as the host sees it. */
export interface BookView {
  readonly name: string
  readonly timeZone: string
  /** The last closed day, inclusive, as `2026-10-31`; null while everything is open. */
  readonly closedThrough: string | null
}

export function bookView({ name, timeZone, closedThrough }: Book): BookView {
  return { name, timeZone, closedThrough: closedThrough === null ? null : formatDay(closedThrough) }
}
