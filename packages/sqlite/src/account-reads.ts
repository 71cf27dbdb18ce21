import { accountPageQuery, accounts, dayTotals } from '@escrow-ledger/sql'
import type { Account, AccountPage, AccountRef, LocalDay, Totals } from 'escrow-ledger'
import { accountOf, accountSelection } from './accounts.js'
import { sqliteDialect } from './dialect.js'
import { rowsOf } from './query.js'
import type { Statements } from './statements.js'

const byRef = `SELECT ${accountSelection()} FROM ${accounts.name} WHERE book = ? AND code = ? AND currency = ?`
const totals = `SELECT debits, credits FROM ${dayTotals.name} AS total
  JOIN ${accounts.name} AS account ON account.account = total.account
  WHERE account.book = ? AND account.code = ? AND account.currency = ? AND total.book = ? AND total.day <= ?
  ORDER BY total.day DESC LIMIT 1`

export function readAccount(statements: Statements, book: number, ref: AccountRef): Account | null {
  const row = statements.read(byRef).get(book, ref.code, ref.currency)
  return row ? accountOf(row) : null
}

export function readAccounts(statements: Statements, book: number, page: AccountPage): Account[] {
  const query = accountPageQuery(sqliteDialect, { book, page }).select(sqliteDialect.knex.raw(accountSelection()))
  return rowsOf(statements, query).map(accountOf)
}

export function readDayTotals(
  statements: Statements,
  book: number,
  { code, currency, through }: AccountRef & { through: LocalDay },
): Totals {
  const [debits, credits] = statements.read(totals).get(book, code, currency, book, through) ?? [0n, 0n]
  return { debits: debits as bigint, credits: credits as bigint }
}
