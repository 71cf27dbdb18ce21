import {
  type AccountRef,
  accountKey,
  type Loaded,
  type LoadKeys,
  newBook,
  type RecordKindName,
  recordKindNames,
  type Versioned,
} from 'escrow-ledger'
import { loadAccounts, loadCodes } from './accounts.js'
import { findBook, lockBook } from './books.js'
import { loadEntries } from './entry-rows.js'
import { loadRecords } from './records.js'
import type { Unit } from './unit.js'

/**
 * Loads what is asked for. With locks they are taken in the order that every unit of work keeps: the book, records by
 * kind and key, accounts by number.
 */
export async function loadKeys(unit: Unit, keys: LoadKeys, how: 'read' | 'lock'): Promise<Loaded> {
  const { statements, book, bookName } = unit
  const ownBook = how === 'lock' ? await lockBook(unit, keys.wholeBook) : await findBook(statements, unit)
  const kinds = new Map<RecordKindName, Map<string, Versioned | null>>()
  const want = async (kind: RecordKindName, wanted: readonly string[]) => {
    if (wanted.length === 0) return
    const found = await loadRecords(statements, { book, kind, keys: wanted, how })
    kinds.set(kind, new Map([...(kinds.get(kind) ?? []), ...found]))
  }
  for (const kind of recordKindNames) await want(kind, keys.records.get(kind) ?? [])

  const accounts: Loaded['accounts'] = new Map(keys.accounts.map((ref) => [keyOf(ref), null]))
  for (const account of await loadAccounts(unit, keys.accounts, how)) accounts.set(keyOf(account), account)
  for (const account of await loadCodes(unit, keys.codes, how)) accounts.set(keyOf(account), account)
  await want('restrictions', restrictionsOf(keys, accounts))

  const entries: Loaded['entries'] = new Map(keys.entries.map((id) => [id, null]))
  for (const entry of await loadEntries(statements, book, keys.entries)) entries.set(entry.id, entry)
  return { book: ownBook ?? newBook(bookName), accounts, entries, kinds }
}

/** Where an account is not there, its code's restriction is wanted as well. */
function restrictionsOf(keys: LoadKeys, accounts: Loaded['accounts']): string[] {
  const asked = new Set(keys.records.get('restrictions') ?? [])
  const codes = keys.accounts.filter((ref) => accounts.get(keyOf(ref)) === null).map(({ code }) => code)
  return [...new Set(codes)].filter((code) => !asked.has(code))
}

function keyOf({ code, currency }: AccountRef): string {
  return accountKey(code, currency)
}
