import { accountPageQuery, accounts, dayTotals } from '@escrow-ledger/sql'
import type { Account, AccountPage, AccountRef, LocalDay, Totals } from 'escrow-ledger'
import { accountOf, accountSelection, theAccount } from './accounts.js'
import { postgresDialect } from './dialect.js'
import { pageRows } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Statements } from './statements.js'

const byRef = `SELECT ${accountSelection('account')} FROM ${theAccount}`
const totals = `SELECT total.debits, total.credits FROM ${theAccount}
  CROSS JOIN LATERAL (SELECT total.debits, total.credits FROM ${SCHEMA}.${dayTotals.name} AS total
    WHERE total.book = $1 AND total.account = account.account AND total.day <= $4
    ORDER BY total.day DESC LIMIT 1) AS total`

export async function readAccount(statements: Statements, book: string, ref: AccountRef): Promise<Account | null> {
  const [row] = await statements.rows(byRef, [book, ref.code, ref.currency])
  return row ? accountOf(row) : null
}

export async function readAccounts(statements: Statements, book: string, page: AccountPage): Promise<Account[]> {
  const query = accountPageQuery(postgresDialect, { book, page }).select(
    postgresDialect.knex.raw(accountSelection(accounts.name)),
  )
  return (await pageRows(statements, query, page.limit)).map(accountOf)
}

export async function readDayTotals(
  statements: Statements,
  book: string,
  { code, currency, through }: AccountRef & { through: LocalDay },
): Promise<Totals> {
  const [row] = await statements.rows(totals, [book, code, currency, through])
  return totalsOf(row ?? ['0', '0'])
}

/** Reads debits and credits, which may be sums that pass 64 bits. */
export function totalsOf([debits, credits]: readonly (string | null)[]): Totals {
  return { debits: BigInt(debits as string), credits: BigInt(credits as string) }
}
