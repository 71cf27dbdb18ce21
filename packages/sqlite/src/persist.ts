import { columnName, eventColumns, events, placePostings, type SqlValue } from '@escrow-ledger/sql'
import type { Assumed, ChangeSet, LifeEvent, PersistAnswer } from 'escrow-ledger'
import { placeAccounts, writeAccounts } from './accounts.js'
import { writeBook } from './books.js'
import { writeDays } from './day-totals.js'
import { quoted, sqliteDialect } from './dialect.js'
import { writeEntries } from './entries.js'
import { insertionInto, insertRows } from './insert-rows.js'
import { writeKeys } from './keys.js'
import { writeRecord } from './records.js'
import { isStale } from './stale.js'
import type { Unit } from './unit.js'

/** Writes a change set, unless something that was assumed of the records does not hold any more. */
export function persistChanges(unit: Unit, changes: ChangeSet, assumed: Assumed | null): PersistAnswer {
  if (assumed && isStale(unit, assumed, changes)) return 'stale'
  const book = writeBook(unit, changes.book)
  placeAccounts(unit, book, changes.accounts)
  writeAccounts(unit, book, changes.accounts)
  const numbers = writeEntries(unit, book, { posted: changes.entries, places: placePostings(changes) })
  writeDays(unit, book, changes.days)
  for (const change of changes.records) writeRecord(unit.statements, book, change)
  writeEvents(unit, book, changes.events)
  writeKeys(unit, book, { keys: changes.keys, numbers })
  return 'persisted'
}

const eventFields = Object.keys(eventColumns) as (keyof LifeEvent)[]
const insertEvents = insertionInto(events.name, ['book', ...eventFields.map((field) => quoted(columnName(field)))])

function writeEvents(unit: Unit, book: number, logged: readonly LifeEvent[]): void {
  const rows: SqlValue[] = []
  for (const event of logged) {
    rows.push(book)
    for (const field of eventFields) rows.push(sqliteDialect.encode(eventColumns[field], event[field]))
  }
  insertRows(unit.statements, insertEvents, rows)
}
