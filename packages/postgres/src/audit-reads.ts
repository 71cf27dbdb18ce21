import { accounts, dayTotals, postings } from '@escrow-ledger/sql'
import type { AccountRef, AuditDay, AuditDayPage, AuditPage, AuditPosting } from 'escrow-ledger'
import { entryWithId, POSTING_COLUMNS, postingOf } from './entry-rows.js'
import { equals } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Row, Statements } from './statements.js'

const nextCurrency = `SELECT min(currency) FROM ${SCHEMA}.${accounts.name} WHERE book = $1 AND currency > $2`

/** Below every version and day. */
const LOWEST = `'-9223372036854775808'::bigint`

// A posting whose entry is missing must show, so entries are joined where they are there.
const postingWalk = walkOver({
  table: postings.name,
  order: 'version',
  selection: `account.code, $2, item.amount, item.version, item.balance,
  coalesce(entry.id::text, ''), coalesce(entry.effective_at, 0), coalesce(entry.recorded_at, 0),
  item.late_at, item.high_at`,
  beside: `LEFT JOIN ${entryWithId('item.entry')} ON true`,
})
const dayWalk = walkOver({
  table: dayTotals.name,
  order: 'day',
  selection: 'account.code, $2, item.day, item.debits, item.credits',
  beside: '',
})

/**
 * The rows of a currency's accounts by code and their own order: the rest of the rows of one account, then those of the
 * accounts after it. It goes from account to account until the page is full, so that whatever is sorted is the page:
 * `before` counts the rows of the accounts already passed, `found` those of the account itself, up to what is wanted.
 */
function walkOver(walk: { table: string; order: string; selection: string; beside: string }): string {
  const rows = ({ account, above, limit }: { account: string; above: string; limit: string }) =>
    `FROM ${SCHEMA}.${walk.table} AS item WHERE item.book = $1 AND item.account = ${account} AND item.${walk.order} > ${above}
    ORDER BY item.${walk.order} LIMIT ${limit}`
  const account = `FROM ${SCHEMA}.${accounts.name} AS account WHERE account.book = $1 AND account.currency = $2`
  return `WITH RECURSIVE account (code, account, above, before, found) AS (
  SELECT given.code, first.account, $4::bigint, 0::bigint, rows.found
  FROM (SELECT $3::text COLLATE "C" AS code) AS given
  LEFT JOIN LATERAL (SELECT account.account ${account} AND ${equals('account.code', 'given.code')}
    ORDER BY account.code LIMIT 1) AS first ON true
  CROSS JOIN LATERAL (SELECT count(*) AS found FROM (
    SELECT 1 ${rows({ account: 'first.account', above: '$4::bigint', limit: '(SELECT $5::bigint)' })}) AS item) AS rows
UNION ALL
  SELECT next.code, next.account, ${LOWEST}, past.rows, rows.found
  FROM account AS last
  CROSS JOIN LATERAL (SELECT last.before + last.found AS rows) AS past
  CROSS JOIN LATERAL (SELECT account.code, account.account ${account} AND account.code > last.code
    ORDER BY account.code LIMIT 1) AS next
  CROSS JOIN LATERAL (SELECT count(*) AS found FROM (
    SELECT 1 ${rows({ account: 'next.account', above: LOWEST, limit: '$5::bigint - past.rows' })}) AS item) AS rows
  WHERE past.rows < $5::bigint
)
SELECT ${walk.selection} FROM account
  CROSS JOIN LATERAL (
    SELECT * ${rows({ account: 'account.account', above: 'account.above', limit: '$5::bigint - account.before' })}) AS item
  ${walk.beside}
  ORDER BY account.code, item.${walk.order}`
}

export async function readAuditPostings(
  statements: Statements,
  book: string,
  { after, limit }: AuditPage,
): Promise<AuditPosting[]> {
  const from = after && { ...after, last: after.version }
  const rows = await walk(statements, postingWalk, { book, after: from, limit })
  return rows.map((row) => ({
    ...postingOf(row),
    entry: row[POSTING_COLUMNS] as string,
    effectiveAt: Number(row[POSTING_COLUMNS + 1]),
    recordedAt: Number(row[POSTING_COLUMNS + 2]),
    place: { lateAt: instantOf(row[POSTING_COLUMNS + 3]), highAt: instantOf(row[POSTING_COLUMNS + 4]) },
  }))
}

function instantOf(value: Row[number] | undefined): number | null {
  return value === null ? null : Number(value)
}

export async function readAuditDays(
  statements: Statements,
  book: string,
  { after, limit }: AuditDayPage,
): Promise<AuditDay[]> {
  const from = after && { ...after, last: after.day }
  const rows = await walk(statements, dayWalk, { book, after: from, limit })
  return rows.map(([code, currency, day, debits, credits]) => ({
    code: code as string,
    currency: currency as string,
    day: Number(day),
    debits: BigInt(debits as string),
    credits: BigInt(credits as string),
  }))
}

/** Rows of all accounts by (currency, code) and their own order, one currency after the other. */
async function walk(
  statements: Statements,
  sql: string,
  { book, after, limit }: { book: string; after: (AccountRef & { last: number }) | null; limit: number },
): Promise<Row[]> {
  const found: Row[] = []
  let from = after ?? (await startOf(statements, book, ''))
  while (from !== null && found.length < limit) {
    const { currency, code, last } = from
    found.push(...(await statements.rows(sql, [book, currency, code, last, limit - found.length])))
    from = found.length < limit ? await startOf(statements, book, currency) : null
  }
  return found
}

/** Where the rows of the currency after this one begin. */
async function startOf(statements: Statements, book: string, currency: string) {
  const [row] = await statements.rows(nextCurrency, [book, currency])
  const next = row?.[0] ?? null
  return next === null ? null : { currency: next, code: '', last: 0 }
}
