import { columnName, eventColumns, events } from '@escrow-ledger/sql'
import type { Assumed, ChangeSet, LifeEvent, PersistAnswer } from 'escrow-ledger'
import { placeAccounts, writeAccounts } from './accounts.js'
import { writeBook } from './books.js'
import { writeDays } from './day-totals.js'
import { quoted, sqliteDialect } from './dialect.js'
import { placePostings, writeEntries } from './entries.js'
import { writeKeys } from './keys.js'
import { writeRecord } from './records.js'
import { isStale } from './stale.js'
import type { Unit } from './unit.js'

/** Writes a change set, unless something that was assumed of the records does not hold any more. */
export function persistChanges(unit: Unit, changes: ChangeSet, assumed: Assumed | null): PersistAnswer {
  if (assumed && isStale(unit, assumed, changes)) return 'stale'
  const book = writeBook(unit, changes.book)
  placeAccounts(unit, book, changes.accounts)
  const placed = placePostings(unit, changes.entries)
  writeAccounts(unit, book, changes.accounts)
  const numbers = writeEntries(unit, book, { posted: changes.entries, placed })
  writeDays(unit, book, changes.days)
  for (const change of changes.records) writeRecord(unit.statements, book, change)
  writeEvents(unit, book, changes.events)
  writeKeys(unit, book, { keys: changes.keys, numbers })
  return 'persisted'
}

const eventFields = Object.keys(eventColumns) as (keyof LifeEvent)[]
const insertEvent = `INSERT OR FAIL INTO ${events.name} (book, ${eventFields.map((field) => quoted(columnName(field))).join(', ')})
  VALUES (?, ${eventFields.map(() => '?').join(', ')})`

function writeEvents(unit: Unit, book: number, logged: readonly LifeEvent[]): void {
  for (const event of logged) {
    const values = eventFields.map((field) => sqliteDialect.encode(eventColumns[field], event[field]))
    unit.statements.write(insertEvent).run(book, ...values)
  }
}
