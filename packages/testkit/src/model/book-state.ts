import {
  type Account,
  type AccountPosting,
  accountKey,
  type Book,
  type Entry,
  type KeyRecord,
  type LifeEvent,
  type LocalDay,
  newBook,
  type RecordKindName,
  type Totals,
  type Versioned,
} from 'escrow-ledger'

/**
 * All rows of one book. A state never changes: a unit of work makes a new one, which takes the place of the old one when
 * it commits and is forgotten when it does not.
 */
export interface BookState {
  readonly book: Book
  /** By account key, as are postings and days. */
  readonly accounts: ReadonlyMap<string, Account>
  /** By id. */
  readonly entries: ReadonlyMap<string, Entry>
  /** In the order in which they were written. */
  readonly postings: ReadonlyMap<string, readonly AccountPosting[]>
  readonly days: ReadonlyMap<string, ReadonlyMap<LocalDay, Totals>>
  readonly records: ReadonlyMap<RecordKindName, ReadonlyMap<string, Versioned>>
  /** By escrow, in the order in which they were written. */
  readonly events: ReadonlyMap<string, readonly LifeEvent[]>
  readonly keys: ReadonlyMap<string, KeyRecord>
}

/** A book before its first row. */
export function emptyState(name: string): BookState {
  return {
    book: newBook(name),
    accounts: new Map(),
    entries: new Map(),
    postings: new Map(),
    days: new Map(),
    records: new Map(),
    events: new Map(),
    keys: new Map(),
  }
}

/** The postings of an entry, each with the entry that it belongs to, by account key. */
export function postingsOf(entry: Entry): readonly { readonly key: string; readonly row: AccountPosting }[] {
  const { postings, ...head } = entry
  return postings.map((posting) => ({
    key: accountKey(posting.code, posting.currency),
    row: Object.freeze({ posting, entry: Object.freeze(head) }),
  }))
}
