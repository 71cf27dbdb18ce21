import { accounts, postings } from '@escrow-ledger/sql'
import { entryWithId } from './entry-rows.js'
import { equals } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Statements } from './statements.js'

/** Some versions of one account. */
export interface Stretch {
  readonly account: string
  readonly first: number
  readonly last: number
}

/** SQL for the last version of `account` that was recorded at or before a time. */
export function lastRecorded(atMost: string): string {
  return search('false', atMost)
}

/** SQL for the last version of `account` up to which no posting is effective after a time. */
export function lastEffective(atMost: string): string {
  return search('true', atMost)
}

function search(byEffect: string, atMost: string): string {
  const account = 'account.book, account.account, account.version'
  return `${SCHEMA}.ledger_last_version(${account}, ${byEffect}, ${atMost})`
}

const stretches = `SELECT account.account, ${lastRecorded('$3::bigint - 1')} + 1, ${lastRecorded('$4::bigint')}
  FROM ${SCHEMA}.${accounts.name} AS account WHERE account.book = $1 AND ${equals('account.code', '$2')}`
const inOrder = 'ORDER BY account.code, account.currency'
const ofCode = `${stretches} ${inOrder}`
const ofAccount = `${stretches} AND account.currency = $5 ${inOrder}`

/** The versions recorded between two times, of the accounts of a code, in one currency or in all. */
export async function recordedBetween(
  statements: Statements,
  book: string,
  { code, currency, from, through }: { code: string; currency: string | undefined; from: number; through: number },
): Promise<Stretch[]> {
  const values = [book, code, from, through]
  const rows = await (currency === undefined
    ? statements.rows(ofCode, values)
    : statements.rows(ofAccount, [...values, currency]))
  return rows.map(([account, first, last]) => ({
    account: account as string,
    first: Number(first),
    last: Number(last),
  }))
}

const lastAlike = `SELECT ${SCHEMA}.ledger_last_version($1, $2, $3, false, entry.recorded_at)
  FROM ${SCHEMA}.${postings.name} AS posting CROSS JOIN ${entryWithId('posting.entry')}
  WHERE posting.book = $1 AND posting.account = $2 AND ${equals('posting.version', '$4')}
  ORDER BY posting.version LIMIT 1`

/** The last version of a stretch that was recorded at the same time as one of it. */
export async function lastRecordedWith(
  statements: Statements,
  book: string,
  { stretch: { account, last }, version }: { stretch: Stretch; version: number },
): Promise<number> {
  const [row] = await statements.rows(lastAlike, [book, account, last, version])
  return Number(row?.[0] ?? version)
}
