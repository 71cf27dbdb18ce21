import { accountColumns, accounts, columnName } from '@escrow-ledger/sql'
import { type Account, type AccountChange, type AccountRef, invariant } from 'escrow-ledger'
import { sqliteDialect } from './dialect.js'
import type { KnownAccount } from './known-accounts.js'
import type { Row } from './statements.js'
import type { Unit } from './unit.js'

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
    latestEffectiveAt: optional(row[14]),
    recordedAt: Number(row[15]),
    openedAt: Number(row[16]),
  }
}

const OWN = fields.length
const selection = `SELECT ${accountSelection()}, account FROM ${accounts.name}`
const byRef = `${selection} WHERE book = ? AND code = ? AND currency = ?`
const byCode = `${selection} WHERE book = ? AND code = ? ORDER BY currency`
const last = `SELECT max(account) FROM ${accounts.name}`
const columns = fields.map(columnName)
const insert = `INSERT OR FAIL INTO ${accounts.name} (${columns.join(', ')}, account, book)
  VALUES (${columns.map(() => '?').join(', ')}, ?, ?)`

const postedFields = [
  'debitsPosted',
  'creditsPosted',
  'version',
  'revision',
  'day',
  'latestEffectiveAt',
  'recordedAt',
] as const
const otherFields = ['floor', 'ceiling', 'debitsPending', 'creditsPending', 'frozen', 'closed'] as const
const updatePosted = updateOf(postedFields)
const updateAll = updateOf([...postedFields, ...otherFields])

function updateOf(changed: readonly (keyof Account)[]): string {
  const set = changed.map((field) => `${columnName(field)} = ?`)
  return `UPDATE ${accounts.name} SET ${set.join(', ')} WHERE account = ?`
}

/** Finds an account: in this unit of work, among what earlier ones knew, or in the database. */
export function findAccount(unit: Unit, book: number, ref: AccountRef): KnownAccount | null {
  const known = unit.accounts.get(ref)
  if (known) return known
  const cached = unit.cache?.get(book, ref)
  if (cached) return keep(unit, { ...cached })
  const row = unit.statements.read(byRef).get(book, ref.code, ref.currency)
  return row ? keep(unit, knownOf(row)) : null
}

/** Loads the accounts of a code in all currencies. */
export function loadCode(unit: Unit, book: number, code: string): Account[] {
  const rows = unit.statements.read(byCode).all(book, code).map(knownOf)
  return rows.map((found) => (unit.accounts.get(found.account) ?? keep(unit, found)).account)
}

function knownOf(row: Row): KnownAccount {
  return { account: accountOf(row), number: Number(row[OWN]) }
}

function keep(unit: Unit, known: KnownAccount): KnownAccount {
  unit.accounts.set(known)
  return known
}

/** An account of a posting, which is loaded or written with it. */
export function knownAccount(unit: Unit, ref: AccountRef): KnownAccount {
  const known = unit.accounts.get(ref)
  invariant(known, `account ${ref.code} of a posting is loaded or written with it`)
  return known
}

/** Makes sure that the accounts about to change are known, and gives new ones their numbers. */
export function placeAccounts(unit: Unit, book: number, changes: readonly AccountChange[]): void {
  let next: number | null = null
  for (const { key, before, after } of changes) {
    if (before !== null) {
      invariant(findAccount(unit, book, after), `account ${key}, which is changed, exists`)
      continue
    }
    next ??= Number(unit.statements.read(last).get()?.[0] ?? 0) + 1
    keep(unit, { account: after, number: next })
    next += 1
  }
}

/** Writes the accounts as they are now. */
export function writeAccounts(unit: Unit, book: number, changes: readonly AccountChange[]): void {
  for (const { key, before, after } of changes) {
    const known = knownAccount(unit, after)
    known.account = after
    if (before === null) {
      unit.statements.write(insert).run(...valuesOf(fields, after), known.number, book)
      continue
    }
    const { changes: written } = keepsOthers(before, after)
      ? unit.statements
          .write(updatePosted)
          .run(
            after.debitsPosted,
            after.creditsPosted,
            after.version,
            after.revision,
            after.day,
            after.latestEffectiveAt,
            after.recordedAt,
            known.number,
          )
      : unit.statements.write(updateAll).run(...valuesOf([...postedFields, ...otherFields], after), known.number)
    invariant(written === 1, `account ${key}, which is changed, exists`)
  }
}

/** Whether only what postings change is different. */
function keepsOthers(before: Account, after: Account): boolean {
  return (
    before.frozen === after.frozen &&
    before.closed === after.closed &&
    before.floor === after.floor &&
    before.ceiling === after.ceiling &&
    before.debitsPending === after.debitsPending &&
    before.creditsPending === after.creditsPending
  )
}

function valuesOf(chosen: readonly (keyof Account)[], account: Account) {
  return chosen.map((field) => sqliteDialect.encode(accountColumns[field], account[field]))
}
