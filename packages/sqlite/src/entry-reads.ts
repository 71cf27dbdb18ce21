import { entryPageQuery } from '@escrow-ledger/sql'
import type { Entry, EntryPage } from 'escrow-ledger'
import { sqliteDialect } from './dialect.js'
import { entrySelection, loadEntry, withPostings } from './entries.js'
import { rowsOf } from './query.js'
import type { Statements } from './statements.js'

export function readEntries(statements: Statements, book: number, ids: readonly string[]): Entry[] {
  return ids.flatMap((id) => loadEntry(statements, book, id) ?? [])
}

export function readEntryPage(statements: Statements, book: number, page: EntryPage): Entry[] {
  const selection = sqliteDialect.knex.raw(`${entrySelection}, entry.seq`)
  const query = entryPageQuery(sqliteDialect, { book, page }).select(selection)
  return rowsOf(statements, query).map((row) => withPostings(statements, book, row))
}
