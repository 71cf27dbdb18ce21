import type { Account, AccountRef } from '../accounts/account.js'
import type { Book } from '../journal/book.js'
import type { Entry, Posting } from '../journal/entry.js'
import type { LocalDay } from '../journal/local-day.js'
import type { LifeEvent, RecordKindName, Versioned } from '../journal/records.js'

/**
 * The read side of a storage: committed data, in pages. A page never keeps a cursor of the database open, and its order
 * is total, so that the last row of one page is where the next one starts.
 */
export interface Reads {
  book(book: string): Promise<Book>
  /** Names of all books, in order. */
  books(): Promise<readonly string[]>

  account(book: string, ref: AccountRef): Promise<Account | null>
  /** Accounts by (code, currency). */
  accounts(book: string, page: AccountPage): Promise<readonly Account[]>

  entries(book: string, ids: readonly string[]): Promise<readonly Entry[]>
  /** Entries by (recordedAt, id). */
  entryPage(book: string, page: EntryPage): Promise<readonly Entry[]>

  /** Postings of one account by version: the recorded order. */
  postingsByVersion(book: string, ref: AccountRef, page: VersionPage): Promise<readonly AccountPosting[]>
  /** Postings of one account by (effectiveAt, version). */
  postingsByEffect(book: string, ref: AccountRef, page: EffectPage): Promise<readonly AccountPosting[]>
  /** The last posting recorded at or before an instant, found without reading the ones before it. */
  lastRecorded(book: string, ref: AccountRef, through: number): Promise<AccountPosting | null>
  /** Cumulative totals at the end of the last day on or before this one that has a row. */
  dayTotals(book: string, ref: AccountRef, through: LocalDay): Promise<Totals>
  /** Totals of the postings effective in [from, through]. */
  effectiveTotals(book: string, ref: AccountRef, range: { from: number; through: number }): Promise<Totals>

  record(book: string, kind: RecordKindName, key: string): Promise<Versioned | null>
  records(book: string, query: RecordQuery): Promise<readonly Versioned[]>
  /** Sums of one amount field over all records that match, by currency. */
  sum(book: string, query: Omit<RecordQuery, 'after' | 'limit' | 'order'>, field: string): Promise<readonly RecordSum[]>
  events(book: string, page: { escrow: string; after: number; limit: number }): Promise<readonly LifeEvent[]>

  /** All postings of the book by (currency, code, version), for verification. */
  auditPostings(book: string, page: AuditPage): Promise<readonly AuditPosting[]>
  /** Rows of day totals by (currency, code, day), for verification. */
  auditDays(book: string, page: AuditDayPage): Promise<readonly AuditDay[]>
  /** Whether this book has no row of its own, while rows are kept that may be its, for verification. */
  bookIsLost(book: string): Promise<boolean>
  /** Records of a kind by the key that each stands under, whatever its fields say, for verification. */
  auditRecords(book: string, page: AuditRecordPage): Promise<readonly AuditRecord[]>
}

export interface Totals {
  readonly debits: bigint
  readonly credits: bigint
}

export interface AccountPage {
  readonly after: AccountRef | null
  readonly limit: number
  /** Only codes that start so. */
  readonly prefix?: string | undefined
  /** Only codes that end so. */
  readonly suffix?: string | undefined
  readonly currency?: string | undefined
  readonly type?: string | undefined
}

export interface EntryPage {
  readonly after: { readonly recordedAt: number; readonly id: string } | null
  readonly limit: number
  readonly account?: string | undefined
  /** With an account: its currency; alone: entries with any posting in it. */
  readonly currency?: string | undefined
  readonly kind?: string | undefined
  readonly escrow?: string | undefined
  readonly payment?: { readonly gateway: string; readonly reference: string } | undefined
  readonly instruction?: string | undefined
  readonly reference?: string | undefined
  readonly metadata?: { readonly name: string; readonly value?: string | undefined } | undefined
  readonly effectiveFrom?: number | undefined
  readonly effectiveThrough?: number | undefined
  readonly recordedFrom?: number | undefined
  readonly recordedThrough?: number | undefined
}

/** A posting with the entry that it belongs to. */
export interface AccountPosting {
  readonly posting: Posting
  readonly entry: Omit<Entry, 'postings'>
}

export interface VersionPage {
  readonly after: number
  readonly limit: number
  readonly recordedThrough?: number | undefined
}

export interface EffectPage {
  readonly after: { readonly effectiveAt: number; readonly version: number } | null
  readonly limit: number
  readonly from?: number | undefined
  readonly through?: number | undefined
}

/** A value that a record's field is compared with. Texts compare by UTF-8 bytes. */
export type FieldValue = string | number | bigint | boolean | null

export interface RecordQuery {
  readonly kind: RecordKindName
  /** Fields that equal a value, or one of several. */
  readonly where?: { readonly [field: string]: FieldValue | readonly FieldValue[] } | undefined
  /** A field that is not null and at most this. */
  readonly atMost?: { readonly field: string; readonly value: number } | undefined
  /** The fields that order the page, nulls first; the record's key comes last by itself. */
  readonly order: readonly string[]
  /** The order's values, and the key, of the last record of the page before. */
  readonly after: readonly FieldValue[] | null
  readonly limit: number
}

export interface RecordSum {
  readonly currency: string
  readonly sum: bigint
  readonly count: number
}

export interface AuditPosting extends Posting {
  readonly entry: string
  /** Where the storage keeps it: what its reads in the order of effective time go by. */
  readonly place?: PostingPlace | undefined
  readonly effectiveAt: number
  readonly recordedAt: number
}

/**
 * Where a posting stands in its account's effective order. It is late when it is effective before an earlier one: then
 * `lateAt` is its effective time and `highAt` the latest effective time among those before it; both are null otherwise.
 */
export interface PostingPlace {
  readonly lateAt: number | null
  readonly highAt: number | null
}

export interface AuditPage {
  readonly after: (AccountRef & { readonly version: number }) | null
  readonly limit: number
}

export interface AuditDay extends Totals, AccountRef {
  readonly day: LocalDay
}

export interface AuditDayPage {
  readonly after: (AccountRef & { readonly day: LocalDay }) | null
  readonly limit: number
}

/** A record with the key that it stands under; one that cannot be read stops none of the others. */
export type AuditRecord =
  | { readonly key: string; readonly record: Versioned; readonly problem: null }
  | { readonly key: string; readonly record: null; readonly problem: string }

export interface AuditRecordPage {
  readonly kind: RecordKindName
  readonly after: string | null
  readonly limit: number
}
