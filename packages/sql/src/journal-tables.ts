import type { Account, Book, Entry, LifeEvent } from 'escrow-ledger'
import {
  amount,
  boolean,
  type ColumnsOf,
  count,
  digest,
  id,
  integer,
  json,
  namedColumns,
  optionalAmount,
  optionalId,
  optionalInteger,
  optionalText,
  optionalTexts,
  text,
} from './columns.js'
import type { Table } from './table.js'

/** Every row carries its book, as a small number of the storage's own, and every key leads with it. */
const book = integer

export const bookColumns: ColumnsOf<Book> = {
  name: text,
  timeZone: text,
  closedThrough: optionalInteger,
  hasEntries: boolean,
  revision: integer,
}

export const books: Table = {
  name: 'ledger_books',
  columns: { book, ...namedColumns(bookColumns) },
  primaryKey: ['book'],
  unique: [['name']],
}

export const accountColumns: ColumnsOf<Account> = {
  code: text,
  currency: text,
  type: text,
  floor: optionalAmount,
  ceiling: optionalAmount,
  debitsPosted: amount,
  creditsPosted: amount,
  debitsPending: amount,
  creditsPending: amount,
  version: integer,
  revision: integer,
  frozen: optionalText,
  closed: boolean,
  day: optionalInteger,
  latestEffectiveAt: optionalInteger,
  recordedAt: integer,
  openedAt: integer,
}

const debitNormal = `type IN ('asset', 'expense')`

/**
 * Limits are on the posted balance in the account's own direction, with what is pending counted on the side that makes
 * it worse. `account` is the storage's own number of the account.
 */
export const accounts: Table = {
  name: 'ledger_accounts',
  columns: { account: integer, book, ...namedColumns(accountColumns) },
  primaryKey: ['account'],
  unique: [['book', 'code', 'currency']],
  checks: {
    type: `type IN ('asset', 'liability', 'equity', 'income', 'expense')`,
    totals: 'debits_posted >= 0 AND credits_posted >= 0 AND debits_pending >= 0 AND credits_pending >= 0',
    floor: `floor IS NULL OR CASE WHEN ${debitNormal}
      THEN debits_posted - credits_posted - credits_pending >= floor
      ELSE credits_posted - debits_posted - debits_pending >= floor END`,
    ceiling: `ceiling IS NULL OR CASE WHEN ${debitNormal}
      THEN debits_posted - credits_posted + debits_pending <= ceiling
      ELSE credits_posted - debits_posted + credits_pending <= ceiling END`,
    version: 'version >= 0 AND revision >= 1',
  },
}

/** Metadata is null where there is none, so that it costs nothing. */
const entryColumns: Omit<ColumnsOf<Omit<Entry, 'postings' | 'unreadable'>>, 'metadata'> & {
  metadata: typeof optionalTexts
} = {
  id,
  kind: text,
  description: text,
  metadata: optionalTexts,
  reference: optionalText,
  effectiveAt: integer,
  recordedAt: integer,
  occurredAt: optionalInteger,
  actor: optionalText,
  reverses: optionalId,
  reason: optionalText,
  escrow: optionalText,
  release: optionalInteger,
  gateway: optionalText,
  payment: optionalText,
  party: optionalText,
  instruction: optionalText,
}

export const entryFields = Object.keys(entryColumns) as (keyof typeof entryColumns)[]

/** `seq` is the storage's own number of the entry; `postings` is how many it has. */
export const entries: Table = {
  name: 'ledger_entries',
  columns: { seq: integer, book, postings: count, ...namedColumns(entryColumns) },
  primaryKey: ['seq'],
  unique: [['book', 'id']],
  indexes: [
    // Entries of one millisecond are sorted by id when they are listed.
    { columns: ['book', 'recorded_at'] },
    { columns: ['book', 'escrow'], present: 'escrow' },
    { columns: ['book', 'gateway', 'payment'], present: 'payment' },
    { columns: ['book', 'instruction'], present: 'instruction' },
    { columns: ['book', 'reference'], present: 'reference' },
  ],
  checks: { postings: 'postings >= 2' },
}

/**
 * Postings mostly become effective in the order in which they are recorded, so an account's versions give the effective
 * order as well. One that is effective before an earlier one is late: `late_at` is its effective time, `high_at` the
 * latest effective time among those before it, and only late ones are in an index by effective time.
 */
export const postings: Table = {
  name: 'ledger_postings',
  columns: {
    book,
    entry: integer,
    line: count,
    account: integer,
    version: integer,
    amount,
    balance: amount,
    late_at: optionalInteger,
    high_at: optionalInteger,
  },
  primaryKey: ['book', 'entry', 'line'],
  clustered: true,
  unique: [['book', 'account', 'version']],
  indexes: [{ columns: ['book', 'account', 'late_at', 'version'], present: 'late_at' }],
  checks: { amount: 'amount <> 0' },
}

/** Cumulative totals at the end of a local day of effective time; see `DayTotals` in core. */
export const dayTotals: Table = {
  name: 'ledger_day_totals',
  columns: { book, account: integer, day: integer, debits: amount, credits: amount },
  primaryKey: ['book', 'account', 'day'],
  clustered: true,
  checks: { totals: 'debits >= 0 AND credits >= 0' },
}

/** `key_hash` is the first 16 bytes of SHA-256 of the key's UTF-8: a third of the bytes of a usual key. */
export const idempotencyKeys: Table = {
  name: 'ledger_idempotency_keys',
  columns: { book, key_hash: digest, fingerprint: digest, entry: optionalInteger, result: optionalText },
  primaryKey: ['book', 'key_hash'],
  clustered: true,
  checks: { outcome: '(entry IS NULL) <> (result IS NULL)' },
}

export const eventColumns: ColumnsOf<LifeEvent> = {
  escrow: text,
  sequence: integer,
  command: text,
  actor: optionalText,
  at: integer,
  recordedAt: integer,
  detail: json,
  entries: json,
}

export const events: Table = {
  name: 'ledger_events',
  columns: { book, ...namedColumns(eventColumns) },
  primaryKey: ['book', 'escrow', 'sequence'],
  clustered: true,
}

/** With numbers of the storage's own for entries and accounts, over all books: one process at a time gives them out. */
export const numberedJournalTables: readonly Table[] = [
  books,
  accounts,
  entries,
  postings,
  dayTotals,
  idempotencyKeys,
  events,
]

const { seq: _, ...columnsWithoutSeq } = entries.columns

/**
 * With the ids of entries, and numbers of accounts within their book: many processes write without asking each other. A
 * book's number is made of its name, so one number for a book is one name, and every key leads with the book.
 */
export const journalTablesById: readonly Table[] = [
  { ...books, unique: [] },
  { ...accounts, primaryKey: ['book', 'account'] },
  { ...entries, columns: columnsWithoutSeq, primaryKey: ['book', 'id'], unique: [] },
  { ...postings, columns: { ...postings.columns, entry: id } },
  dayTotals,
  { ...idempotencyKeys, columns: { ...idempotencyKeys.columns, entry: optionalId } },
  events,
]
