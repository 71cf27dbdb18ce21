import {
  accountColumns,
  type Column,
  columnName,
  dayTotals,
  entries,
  entryFields,
  idempotencyKeys,
  journalTablesById,
  postings,
  type Table,
} from '@escrow-ledger/sql'
import { type Account, recordKindNames } from 'escrow-ledger'
import { typeOf } from './column-sql.js'

/** One argument of the function that persists a change set. */
export interface Parameter {
  readonly name: string
  readonly type: string
}

/** Columns of many rows, handed over as one array a column. */
export interface ColumnArrays {
  readonly columns: readonly string[]
  readonly types: readonly string[]
  readonly parameters: readonly Parameter[]
}

function columnArrays(prefix: string, columns: Readonly<Record<string, Column>>): ColumnArrays {
  const names = Object.keys(columns)
  const types = Object.values(columns).map((column) => `${typeOf(column)}[]`)
  return {
    columns: names,
    types,
    parameters: names.map((name, index) => ({ name: `_${prefix}_${name}`, type: types[index] as string })),
  }
}

function columnsOf(table: Table, names: readonly string[]): Record<string, Column> {
  const own = journalTablesById.find(({ name }) => name === table.name) as Table
  return Object.fromEntries(names.map((name) => [name, own.columns[name] as Column]))
}

/** What postings change of an account. */
export const postedFields = [
  'debitsPosted',
  'creditsPosted',
  'version',
  'revision',
  'day',
  'latestEffectiveAt',
  'recordedAt',
] as const satisfies readonly (keyof Account)[]

const postedColumns = Object.fromEntries(postedFields.map((field) => [columnName(field), accountColumns[field]]))

/** `before` is the revision that the account must still have. */
export const postedAccounts = columnArrays('posted', {
  account: { type: 'integer', nullable: false },
  before: { type: 'integer', nullable: false },
  ...postedColumns,
})
export const entryArrays = columnArrays(
  'entry',
  columnsOf(entries, ['postings', ...entryFields.map((field) => columnName(field))]),
)
export const postingArrays = columnArrays(
  'posting',
  columnsOf(postings, ['entry', 'line', 'account', 'version', 'amount', 'balance', 'late_at', 'high_at']),
)
export const keyArrays = columnArrays('key', columnsOf(idempotencyKeys, ['key_hash', 'fingerprint', 'entry', 'result']))
export const dayArrays = {
  closed: columnArrays('closed', columnsOf(dayTotals, ['account', 'day', 'debits', 'credits'])),
  backdated: columnArrays('backdated', columnsOf(dayTotals, ['account', 'day', 'debits', 'credits'])),
}

const scalar = (name: string, type: string): Parameter => ({ name, type })

/** All arguments, in order. Rows of tables that change seldom come as JSON. */
export const persistParameters: readonly Parameter[] = [
  scalar('_book', 'bigint'),
  scalar('_book_name', 'text'),
  scalar('_lock_timeout', 'text'),
  // The book's own change; a revision of null says that there is none.
  scalar('_time_zone', 'text'),
  scalar('_closed_through', 'bigint'),
  scalar('_has_entries', 'boolean'),
  scalar('_book_revision', 'bigint'),
  // What was assumed; a revision of the book of null says that everything is locked already.
  scalar('_assumed_book', 'bigint'),
  // Null where the accounts assumed are those that are posted to.
  scalar('_assumed_accounts', 'bigint[]'),
  scalar('_assumed_account_revisions', 'bigint[]'),
  scalar('_absent_codes', 'text[]'),
  scalar('_absent_currencies', 'text[]'),
  scalar('_assumed_entries', 'uuid[]'),
  // Keys and revisions of records, kind after kind, and where those of each kind end: a function takes few arguments.
  scalar('_assumed_keys', 'text[]'),
  scalar('_assumed_key_ends', 'bigint[]'),
  scalar('_assumed_revisions', 'bigint[]'),
  scalar('_assumed_revision_ends', 'bigint[]'),
  // What is written.
  scalar('_opened_accounts', 'json'),
  scalar('_altered_accounts', 'json'),
  ...postedAccounts.parameters,
  ...entryArrays.parameters,
  ...postingArrays.parameters,
  ...dayArrays.closed.parameters,
  ...dayArrays.backdated.parameters,
  ...recordKindNames.flatMap((kind) => [scalar(`_new_${kind}`, 'json'), scalar(`_changed_${kind}`, 'json')]),
  scalar('_events', 'json'),
  ...keyArrays.parameters,
]
