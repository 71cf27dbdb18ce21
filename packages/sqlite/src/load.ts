import {
  type AccountRef,
  accountKey,
  type Loaded,
  type LoadKeys,
  newBook,
  type RecordKindName,
  type Versioned,
} from 'escrow-ledger'
import { findAccount, loadCode } from './accounts.js'
import { bookOf } from './books.js'
import { loadEntry } from './entries.js'
import { loadRecord } from './records.js'
import type { Unit } from './unit.js'

/** Loads what is asked for. Inside BEGIN IMMEDIATE nobody else writes, so there is nothing to lock. */
export function loadRecords(unit: Unit, keys: LoadKeys): Loaded {
  const stored = bookOf(unit)
  const book = stored?.number ?? null
  const kinds = new Map<RecordKindName, Map<string, Versioned | null>>()
  const want = (kind: RecordKindName, key: string) => {
    const ofKind = kinds.get(kind) ?? new Map<string, Versioned | null>()
    kinds.set(kind, ofKind)
    if (!ofKind.has(key)) ofKind.set(key, book === null ? null : loadRecord(unit.statements, { book, kind, key }))
  }
  for (const [kind, wanted] of keys.records) for (const key of wanted) want(kind, key)

  const accounts: Loaded['accounts'] = new Map()
  for (const ref of keys.accounts) {
    const account = (book !== null && findAccount(unit, book, ref)?.account) || null
    accounts.set(accountKey(ref.code, ref.currency), account)
    if (account === null) want('restrictions', ref.code)
  }
  for (const code of keys.codes) {
    for (const account of book === null ? [] : loadCode(unit, book, code)) accounts.set(keyOf(account), account)
  }
  const entries: Loaded['entries'] = new Map()
  for (const id of keys.entries) entries.set(id, book === null ? null : loadEntry(unit.statements, book, id))
  return { book: stored?.book ?? newBook(unit.bookName), accounts, entries, kinds }
}

function keyOf({ code, currency }: AccountRef): string {
  return accountKey(code, currency)
}
