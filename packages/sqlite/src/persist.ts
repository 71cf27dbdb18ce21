import { columnName, eventColumns, events } from '@escrow-ledger/sql'
import type { Assumed, ChangeSet, LifeEvent, PersistAnswer } from 'escrow-ledger'
import { findAccount, placeAccounts, writeAccounts } from './accounts.js'
import { bookOf, writeBook } from './books.js'
import { writeDays } from './day-totals.js'
import { quoted, sqliteDialect } from './dialect.js'
import { placePostings, writeEntries } from './entries.js'
import { writeKeys } from './keys.js'
import { refOfKey } from './known-accounts.js'
import { recordStatements, writeRecord } from './records.js'
import type { Unit } from './unit.js'

/** Writes a change set, unless something that was assumed of the records does not hold any more. */
export function persistChanges(unit: Unit, changes: ChangeSet, assumed: Assumed | null): PersistAnswer {
  if (assumed && isStale(unit, assumed)) return 'stale'
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

/** Whether a revision differs from the one that was assumed; what is not there has revision 0. */
function isStale(unit: Unit, assumed: Assumed): boolean {
  const stored = bookOf(unit)
  if ((stored?.book.revision ?? 0) !== assumed.book) return true
  for (const [key, revision] of assumed.accounts) {
    const known = stored && findAccount(unit, stored.number, refOfKey(key))
    if ((known?.account.revision ?? 0) !== revision) return true
  }
  for (const [kind, revisions] of assumed.records) {
    const reader = unit.statements.read(recordStatements[kind].revisionByKey)
    for (const [key, revision] of revisions) {
      const row = stored && reader.get(stored.number, key)
      if (Number(row?.[0] ?? 0) !== revision) return true
    }
  }
  return false
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
