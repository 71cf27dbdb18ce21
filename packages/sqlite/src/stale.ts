import { type Assumed, accountRefOf, type ChangeSet, type RecordKindName } from 'escrow-ledger'
import { findAccount } from './accounts.js'
import { bookOf } from './books.js'
import { loadEntry } from './entries.js'
import { findKeys } from './keys.js'
import { loadRecord, recordStatements } from './records.js'
import type { Unit } from './unit.js'

/** Whether something that was assumed does not hold, or a key or a row that would be inserted is there already. */
export function isStale(unit: Unit, assumed: Assumed, changes: ChangeSet): boolean {
  return differs(unit, assumed) || isThere(unit, changes)
}

/** Whether a revision differs from the one that was assumed, or an entry is missing; what is not there has revision 0. */
function differs(unit: Unit, assumed: Assumed): boolean {
  const stored = bookOf(unit)
  if ((stored?.book.revision ?? 0) !== assumed.book) return true
  for (const [key, revision] of assumed.accounts) {
    const known = stored && findAccount(unit, stored.number, accountRefOf(key))
    if ((known?.account.revision ?? 0) !== revision) return true
  }
  for (const [kind, revisions] of assumed.records) {
    const reader = unit.statements.read(recordStatements[kind].revisionByKey)
    for (const [key, revision] of revisions) {
      const row = stored && reader.get(stored.number, key)
      if (Number(row?.[0] ?? 0) !== revision) return true
    }
  }
  return assumed.entries.some((id) => !stored || !loadEntry(unit.statements, stored.number, id))
}

function isThere(unit: Unit, { accounts, entries, records, keys }: ChangeSet): boolean {
  const stored = bookOf(unit)
  if (!stored) return false
  const { statements } = unit
  const place = (kind: RecordKindName, key: string) => ({ book: stored.number, kind, key })
  return (
    findKeys(
      unit,
      keys.map(({ key }) => key),
    ).size > 0 ||
    accounts.some(({ key, before }) => before === null && findAccount(unit, stored.number, accountRefOf(key))) ||
    records.some(({ kind, key, before }) => before === null && loadRecord(statements, place(kind, key))) ||
    entries.some(({ id }) => loadEntry(statements, stored.number, id))
  )
}
