import type { EntryPage } from 'escrow-ledger'
import type { Knex } from 'knex'
import { id } from './columns.js'
import type { BookNumber, Dialect } from './dialect.js'
import { accounts, entries, postings } from './journal-tables.js'

/** Some versions of one account, by its number. */
export interface Versions {
  readonly account: number | string
  readonly first: number
  readonly last: number
}

interface Given {
  readonly book: BookNumber
  readonly page: EntryPage
  readonly versions?: Versions
}

/** Entries by (recordedAt, id) as `entry`, before their columns are chosen; see `matchingEntries`. */
export function entryPageQuery(dialect: Dialect, given: Given): Knex.QueryBuilder {
  const { query, recordedAt } = matchingEntries(dialect, given)
  return query.orderByRaw(`${recordedAt}, entry.id`).limit(given.page.limit)
}

/**
 * The entries that a page is taken from, as `entry`, and the recorded time as SQL to order them by. `page.account` is
 * not looked at: give the versions of the account among which to look.
 */
export function matchingEntries(
  dialect: Dialect,
  { book, page, versions }: Given,
): { readonly query: Knex.QueryBuilder; readonly recordedAt: string } {
  const { knex, nameOf } = dialect
  const { escrow, payment, instruction, reference } = page
  const few = versions !== undefined || (escrow ?? payment ?? instruction ?? reference) !== undefined
  const all = versions
    ? dialect.entriesByKey(book, keysOf(dialect, book, versions))
    : knex(`${nameOf(entries)} as entry`).where('entry.book', book)
  // What an entry is about names few entries, which are found by that index and then sorted: the plus keeps the
  // databases from reading the book in order instead.
  const recordedAt = few ? '+entry.recorded_at' : 'entry.recorded_at'
  recordedWithin(all, dialect, { page, recordedAt })
  const query = few ? all : dialect.entriesInOrder(all, recordedAt)
  filter(query, dialect, page)
  if (!versions && page.currency !== undefined) query.whereRaw('? IN ?', [page.currency, currenciesOf(dialect)])
  return { query, recordedAt }
}

/** From where to where in the order of recording. */
function recordedWithin(
  query: Knex.QueryBuilder,
  dialect: Dialect,
  { page: { recordedFrom, recordedThrough, after }, recordedAt }: { page: EntryPage; recordedAt: string },
): void {
  if (recordedFrom !== undefined) query.whereRaw(`${recordedAt} >= ?`, [recordedFrom])
  if (recordedThrough !== undefined) query.whereRaw(`${recordedAt} <= ?`, [recordedThrough])
  if (!after) return
  const last = [after.recordedAt, dialect.encode(id, after.id) as Knex.Value]
  query.whereRaw(`(${recordedAt}, entry.id) > (?, ?)`, last)
}

function filter(query: Knex.QueryBuilder, dialect: Dialect, page: EntryPage): void {
  const equal = { kind: page.kind, escrow: page.escrow, instruction: page.instruction, reference: page.reference }
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) query.where(`entry.${column}`, value)
  }
  if (page.payment) query.where({ 'entry.gateway': page.payment.gateway, 'entry.payment': page.payment.reference })
  if (page.effectiveFrom !== undefined) query.where('entry.effective_at', '>=', page.effectiveFrom)
  if (page.effectiveThrough !== undefined) query.where('entry.effective_at', '<=', page.effectiveThrough)
  if (page.metadata) {
    const { name, value } = page.metadata
    if (value === undefined) query.whereRaw(dialect.hasName, ['entry.metadata', name])
    else query.whereRaw(dialect.hasNameAndValue, ['entry.metadata', name, value])
  }
}

function keysOf({ knex, nameOf }: Dialect, book: BookNumber, { account, first, last }: Versions): Knex.QueryBuilder {
  return knex(nameOf(postings)).select('entry').where({ book, account }).whereBetween('version', [first, last])
}

/** The currencies of `entry`. A value is looked for in them entry by entry; EXISTS could become a join over all postings. */
function currenciesOf({ knex, nameOf, entryKey }: Dialect): Knex.QueryBuilder {
  return knex(`${nameOf(postings)} as posting`)
    .select('account.currency')
    .join(`${nameOf(accounts)} as account`, (join) => {
      join.on('account.book', 'posting.book').on('account.account', 'posting.account')
    })
    .where('posting.book', knex.ref('entry.book'))
    .where('posting.entry', knex.ref(`entry.${entryKey}`))
}
