import { accountColumns, accounts, columnName } from '@escrow-ledger/sql'
import type { Account, AccountRef } from 'escrow-ledger'
import { arrayOf } from './arrays.js'
import { equals } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Row } from './statements.js'
import type { Unit } from './unit.js'

const fields = Object.keys(accountColumns) as (keyof Account)[]
const OWN = fields.length
const table = `${SCHEMA}.${accounts.name}`

/** An account's columns in the order in which `accountOf` reads them, from a table or alias. */
export function accountSelection(from: string): string {
  return fields.map((field) => `${from}.${columnName(field)}`).join(', ')
}

/** Reads an account from a row that starts with its columns. */
export function accountOf(row: Row): Account {
  const text = (index: number) => row[index] as string
  const amount = (index: number) => BigInt(text(index))
  const optional = (index: number) => (row[index] === null ? null : Number(row[index]))
  const limit = (index: number) => (row[index] === null ? null : amount(index))
  return {
    code: text(0),
    currency: text(1),
    type: text(2) as Account['type'],
    floor: limit(3),
    ceiling: limit(4),
    debitsPosted: amount(5),
    creditsPosted: amount(6),
    debitsPending: amount(7),
    creditsPending: amount(8),
    version: Number(row[9]),
    revision: Number(row[10]),
    frozen: row[11] as Account['frozen'],
    closed: row[12] === 't',
    day: optional(13),
    latestEffectiveAt: optional(14),
    recordedAt: Number(row[15]),
    openedAt: Number(row[16]),
  }
}

/** The account of a book, a code and a currency, which are the first parameters, as `account`. */
export const theAccount = `(SELECT * FROM ${table} AS account
  WHERE account.book = $1 AND ${equals('account.code', '$2')} AND account.currency = $3
  ORDER BY account.code LIMIT 1) AS account`

const numbersByRef = `SELECT wanted.nth, account.account
  FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS wanted(code, currency, nth) CROSS JOIN LATERAL (
    SELECT account.account FROM ${table} AS account
      WHERE account.book = $1 AND account.code = wanted.code AND account.currency = wanted.currency LIMIT 1) AS account`

/** Finds out the numbers of accounts that are not known yet. Accounts that are not there have none. */
export async function findNumbers({ statements, book, numbers }: Unit, refs: readonly AccountRef[]): Promise<void> {
  const unknown = refs.filter((ref) => numbers.get(book, ref) === undefined)
  if (unknown.length === 0) return
  const codes = arrayOf(unknown.map(({ code }) => code))
  const currencies = arrayOf(unknown.map(({ currency }) => currency))
  for (const [nth, number] of await statements.rows(numbersByRef, [book, codes, currencies])) {
    numbers.set(book, unknown[Number(nth) - 1] as AccountRef, number as string)
  }
}

/** Locks are taken in the order in which the numbers are given. */
function byNumber(lock: string): string {
  return `SELECT account.* FROM unnest($2::bigint[]) AS wanted(account) CROSS JOIN LATERAL (
    SELECT ${accountSelection('account')}, account.account FROM ${table} AS account
      WHERE account.book = $1 AND account.account = wanted.account LIMIT 1 ${lock}) AS account`
}

function byCodes(lock: string): string {
  return `SELECT ${accountSelection('account')}, account.account FROM ${table} AS account
    WHERE account.book = $1 AND account.code = ANY ($2::text[]) ORDER BY account.account ${lock}`
}

const LOCK = 'FOR NO KEY UPDATE'
const byNumberSql = { read: byNumber(''), lock: byNumber(LOCK) }
const byCodesSql = { read: byCodes(''), lock: byCodes(LOCK) }

/** The accounts of these that are there. */
export async function loadAccounts(unit: Unit, refs: readonly AccountRef[], how: 'read' | 'lock'): Promise<Account[]> {
  await findNumbers(unit, refs)
  const { statements, book, numbers } = unit
  const known = refs.flatMap((ref) => numbers.get(book, ref) ?? []).sort(byValue)
  if (known.length === 0) return []
  return (await statements.rows(byNumberSql[how], [book, arrayOf(known)])).map(accountOf)
}

/** All accounts of these codes, in whatever currency. */
export async function loadCodes(unit: Unit, codes: readonly string[], how: 'read' | 'lock'): Promise<Account[]> {
  const { statements, book, numbers } = unit
  if (codes.length === 0) return []
  const rows = await statements.rows(byCodesSql[how], [book, arrayOf(codes)])
  return rows.map((row) => {
    const account = accountOf(row)
    numbers.set(book, account, row[OWN] as string)
    return account
  })
}

/** The order of numbers, which are decimal texts of 64 bits. */
export function byValue(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0)
}
