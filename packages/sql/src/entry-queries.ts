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

/**
 * Entries by (recordedAt, id) as `entry`, before their columns are chosen. `page.account` is not looked at: give the
 * versions of the account among which to look.
 */
export function entryPageQuery(
  dialect: Dialect,
  { book, page, versions }: { book: BookNumber; page: EntryPage; versions?: Versions },
): Knex.QueryBuilder {
  const query = versions
    ? dialect.entriesByKey(book, keysOf(dialect, book, versions))
    : dialect.knex(`${dialect.nameOf(entries)} as entry`).where('entry.book', book)
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
  if (!versions && page.currency !== undefined) query.whereRaw('? IN ?', [page.currency, currenciesOf(dialect)])
  return pageOf(query, dialect, page, { few: versions !== undefined })
}

/**
 * From where to where in the order of recording. What an entry is about names few entries, which are found by that index
 * and then sorted: the plus keeps the databases from reading the book in order instead.
 */
function pageOf(query: Knex.QueryBuilder, dialect: Dialect, page: EntryPage, found: { few: boolean }) {
  const { escrow, payment, instruction, reference, after } = page
  const few = found.few || (escrow ?? payment ?? instruction ?? reference) !== undefined
  const recordedAt = few ? '+entry.recorded_at' : 'entry.recorded_at'
  if (page.recordedFrom !== undefined) query.whereRaw(`${recordedAt} >= ?`, [page.recordedFrom])
  if (page.recordedThrough !== undefined) query.whereRaw(`${recordedAt} <= ?`, [page.recordedThrough])
  if (after) {
    const last = [after.recordedAt, dialect.encode(id, after.id) as Knex.Value]
    query.whereRaw(`(${recordedAt}, entry.id) > (?, ?)`, last)
  }
  return query.orderByRaw(`${recordedAt}, entry.id`).limit(page.limit)
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
