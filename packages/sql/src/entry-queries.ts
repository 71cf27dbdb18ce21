import type { EntryPage } from 'escrow-ledger'
import type { Knex } from 'knex'
import { id } from './columns.js'
import type { Dialect } from './dialect.js'
import { accounts, entries, postings } from './journal-tables.js'

/** Entries by (recordedAt, id) as `entry`, before their columns are chosen. */
export function entryPageQuery(dialect: Dialect, { book, page }: { book: number; page: EntryPage }): Knex.QueryBuilder {
  const query = dialect.knex(`${entries.name} as entry`).where('entry.book', book)
  const equal = { kind: page.kind, escrow: page.escrow, instruction: page.instruction, reference: page.reference }
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) query.where(`entry.${column}`, value)
  }
  if (page.payment) query.where({ 'entry.gateway': page.payment.gateway, 'entry.payment': page.payment.reference })
  if (page.effectiveFrom !== undefined) query.where('entry.effective_at', '>=', page.effectiveFrom)
  if (page.effectiveThrough !== undefined) query.where('entry.effective_at', '<=', page.effectiveThrough)
  if (page.recordedFrom !== undefined) query.where('entry.recorded_at', '>=', page.recordedFrom)
  if (page.recordedThrough !== undefined) query.where('entry.recorded_at', '<=', page.recordedThrough)
  if (page.metadata) {
    const { name, value } = page.metadata
    if (value === undefined) query.whereRaw(dialect.hasName, ['entry.metadata', name])
    else query.whereRaw(dialect.hasNameAndValue, ['entry.metadata', name, value])
  }
  if (page.account !== undefined) query.whereIn('entry.seq', entriesOfAccount(dialect, book, page))
  if (page.after) {
    const { recordedAt, id: after } = page.after
    query.whereRaw('(entry.recorded_at, entry.id) > (?, ?)', [recordedAt, dialect.encode(id, after) as Knex.Value])
  }
  return inOrder(query, page).limit(page.limit)
}

/**
 * What an entry is about names few entries, which are found by that index and then sorted: the plus keeps the databases
 * from reading the whole book in order instead.
 */
function inOrder(query: Knex.QueryBuilder, { escrow, payment, instruction, reference }: EntryPage): Knex.QueryBuilder {
  const few = escrow ?? payment ?? instruction ?? reference
  const ordered = few === undefined ? query.orderBy('entry.recorded_at') : query.orderByRaw('+entry.recorded_at')
  return ordered.orderBy('entry.id')
}

function entriesOfAccount({ knex }: Dialect, book: number, page: EntryPage): Knex.QueryBuilder {
  const numbers = knex(accounts.name).select('account').where({ book, code: page.account })
  if (page.currency !== undefined) numbers.where('currency', page.currency)
  return knex(postings.name).select('entry').where({ book }).whereIn('account', numbers)
}
