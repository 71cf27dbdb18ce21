import { accountColumns, accounts, columnName } from '@escrow-ledger/sql'
import { type Account, type AccountChange, accountKey, invariant } from 'escrow-ledger'
import { sqliteDialect } from './dialect.js'
import type { Row } from './statements.js'
import type { AccountPlace, Unit } from './unit.js'

const fields = Object.keys(accountColumns) as (keyof Account)[]

/** An account's columns in the order in which `accountOf` reads them, from a table or alias. */
export function accountSelection(table: string = accounts.name): string {
  return fields.map((field) => `${table}.${columnName(field)}`).join(', ')
}

/** Reads an account from a row that starts with its columns. */
export function accountOf(row: Row): Account {
  const optional = (value: Row[number] | undefined) => (value === null ? null : Number(value))
  return {
    code: row[0] as string,
    currency: row[1] as string,
    type: row[2] as Account['type'],
    floor: row[3] as bigint | null,
    ceiling: row[4] as bigint | null,
    debitsPosted: row[5] as bigint,
    creditsPosted: row[6] as bigint,
    debitsPending: row[7] as bigint,
    creditsPending: row[8] as bigint,
    version: Number(row[9]),
    revision: Number(row[10]),
    frozen: row[11] as Account['frozen'],
    closed: row[12] === 1n,
    day: optional(row[13]),
    recordedAt: Number(row[14]),
    openedAt: Number(row[15]),
  }
}

const OWN = fields.length
const selection = `SELECT ${accountSelection()}, account, high_at FROM ${accounts.name}`
const byRef = `${selection} WHERE book = ? AND code = ? AND currency = ?`
const byCode = `${selection} WHERE book = ? AND code = ? ORDER BY currency`
const last = `SELECT max(account) FROM ${accounts.name}`
const columns = fields.map(columnName)
const insert = `INSERT INTO ${accounts.name} (${columns.join(', ')}, account, book, high_at)
  VALUES (${columns.map(() => '?').join(', ')}, ?, ?, ?)`

const postedFields = ['debitsPosted', 'creditsPosted', 'version', 'revision', 'day', 'recordedAt'] as const
const otherFields = ['floor', 'ceiling', 'debitsPending', 'creditsPending', 'frozen', 'closed'] as const
const updatePosted = updateOf(postedFields)
const updateAll = updateOf([...postedFields, ...otherFields])

function updateOf(changed: readonly (keyof Account)[]): string {
  const set = changed.map((field) => `${columnName(field)} = ?`)
  return `UPDATE ${accounts.name} SET ${set.join(', ')}, high_at = ? WHERE account = ?`
}

/** Loads an account and keeps its place; null where there is none. */
export function loadAccount(unit: Unit, book: number, ref: { code: string; currency: string }): Account | null {
  const row = unit.statements.read(byRef).get(book, ref.code, ref.currency)
  return row ? keepPlace(unit, row) : null
}

/** Loads the accounts of a code in all currencies. */
export function loadCode(unit: Unit, book: number, code: string): Account[] {
  return unit.statements
    .read(byCode)
    .all(book, code)
    .map((row) => keepPlace(unit, row))
}

function keepPlace(unit: Unit, row: Row): Account {
  const account = accountOf(row)
  const highAt = row[OWN + 1]
  unit.places.set(accountKey(account.code, account.currency), {
    number: Number(row[OWN]),
    highAt: highAt === null ? null : Number(highAt),
  })
  return account
}

/** The place of an account that exists, or is about to be written in this unit of work. */
export function placeOf(unit: Unit, key: string): AccountPlace {
  const place = unit.places.get(key)
  invariant(place, `account ${key} of a posting is loaded or written with it`)
  return place
}

/** Finds the places of the accounts about to change, and gives new ones their numbers. */
export function placeAccounts(unit: Unit, book: number, changes: readonly AccountChange[]): void {
  let next: number | null = null
  for (const { key, before, after } of changes) {
    if (before === null) {
      next ??= Number(unit.statements.read(last).get()?.[0] ?? 0) + 1
      unit.places.set(key, { number: next, highAt: null })
      next += 1
    } else if (!unit.places.has(key)) {
      invariant(loadAccount(unit, book, after), `account ${key}, which is changed, exists`)
    }
  }
}

/** Writes the accounts as they are now. Their places must know the effective times of the new postings. */
export function writeAccounts(unit: Unit, book: number, changes: readonly AccountChange[]): void {
  for (const { key, before, after } of changes) {
    const place = placeOf(unit, key)
    if (before === null) {
      const values = fields.map((field) => sqliteDialect.encode(accountColumns[field], after[field]))
      unit.statements.write(insert).run(...values, place.number, book, place.highAt)
      continue
    }
    const { debitsPosted, creditsPosted, version, revision, day, recordedAt } = after
    const posted = [debitsPosted, creditsPosted, version, revision, day, recordedAt] as const
    const { changes: written } = otherFields.every((field) => before[field] === after[field])
      ? unit.statements.write(updatePosted).run(...posted, place.highAt, place.number)
      : unit.statements.write(updateAll).run(...posted, ...otherValues(after), place.highAt, place.number)
    invariant(written === 1, `account ${key}, which is changed, exists`)
  }
}

function otherValues(account: Account) {
  return otherFields.map((field) => sqliteDialect.encode(accountColumns[field], account[field]))
}
