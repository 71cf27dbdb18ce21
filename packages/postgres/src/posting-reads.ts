import { postings } from '@escrow-ledger/sql'
import type { AccountPosting, AccountRef, EffectPage, Totals, VersionPage } from 'escrow-ledger'
import { totalsOf } from './account-reads.js'
import { theAccount } from './accounts.js'
import { entryOf, entrySelection, entryWithId, POSTING_COLUMNS, postingOf, postingSelection } from './entry-rows.js'
import { equals, limitTo } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Row, Statements } from './statements.js'
import { lastEffective, lastRecorded } from './versions.js'

const ofAccount = `FROM ${SCHEMA}.${postings.name} AS posting
    WHERE posting.book = $1 AND posting.account = account.account`

/** What is found out about an account once; OFFSET keeps it from being written into each place that uses it. */
function finding(found: Readonly<Record<string, string>>, name: string): string {
  const columns = Object.entries(found).map(([column, sql]) => `${sql} AS ${column}`)
  return `CROSS JOIN LATERAL (SELECT ${columns.join(', ')} OFFSET 0) AS ${name}`
}

const theEntry = entryWithId('posting.entry')
const selection = `SELECT ${postingSelection}, ${entrySelection} FROM ${theAccount}`

const byVersion = `${selection}
  ${finding({ last: `CASE WHEN $5::bigint IS NULL THEN account.version ELSE ${lastRecorded('$5')} END` }, 'recorded')}
  CROSS JOIN LATERAL (SELECT * ${ofAccount} AND posting.version > $4 AND posting.version <= recorded.last
    ORDER BY posting.version ${limitTo(6)}) AS posting
  CROSS JOIN ${theEntry} ORDER BY posting.version`

const recordedLast = `${selection}
  ${finding({ last: lastRecorded('$4::bigint') }, 'recorded')}
  CROSS JOIN LATERAL (SELECT * ${ofAccount} AND ${equals('posting.version', 'recorded.last')}
    ORDER BY posting.version LIMIT 1) AS posting
  CROSS JOIN ${theEntry}`

/** The versions between which the postings in order are effective in a range. */
const versionsInOrder = finding(
  { first: `${lastEffective('$4::bigint - 1')} + 1`, last: lastEffective('$5::bigint') },
  'range',
)

/** The versions of which the postings in order are effective at the time after which the page goes on. */
const versionsAfter = finding(
  { first: `${lastEffective('$6::bigint - 1')} + 1`, last: lastEffective('$6::bigint') },
  'past',
)

/** Postings in order by version and late ones by their index, each in its own order up to the limit. */
const byEffect = `${selection}
  ${versionsInOrder}
  ${versionsAfter}
  CROSS JOIN LATERAL (
    (SELECT * ${ofAccount} AND posting.late_at IS NULL AND posting.version <= range.last
      AND posting.version >= greatest(range.first, least(greatest($7::bigint + 1, past.first), past.last + 1))
      ORDER BY posting.version ${limitTo(8)})
    UNION ALL
    (SELECT * ${ofAccount} AND posting.late_at IS NOT NULL AND posting.late_at >= $4 AND posting.late_at <= $5
      AND (posting.late_at, posting.version) > ($6, $7)
      ORDER BY posting.late_at, posting.version ${limitTo(8)})
  ) AS posting
  CROSS JOIN ${theEntry}
  ORDER BY entry.effective_at, posting.version ${limitTo(8)}`

const sides = `coalesce(sum(posting.amount) FILTER (WHERE posting.amount > 0), 0) AS debits,
    coalesce(-sum(posting.amount) FILTER (WHERE posting.amount < 0), 0) AS credits`

const effectiveTotals = `SELECT ordered.debits + late.debits, ordered.credits + late.credits FROM ${theAccount}
  ${versionsInOrder}
  CROSS JOIN LATERAL (SELECT ${sides} ${ofAccount} AND posting.late_at IS NULL
    AND posting.version >= range.first AND posting.version <= range.last) AS ordered
  CROSS JOIN LATERAL (SELECT ${sides} ${ofAccount} AND posting.late_at IS NOT NULL
    AND posting.late_at >= $4 AND posting.late_at <= $5) AS late`

const FIRST = 0
const LAST = Number.MAX_SAFE_INTEGER

function accountPostingOf(row: Row): AccountPosting {
  return { posting: postingOf(row), entry: entryOf(row, POSTING_COLUMNS) }
}

export async function readByVersion(
  statements: Statements,
  book: string,
  { page: { after, limit, recordedThrough }, code, currency }: AccountRef & { page: VersionPage },
): Promise<AccountPosting[]> {
  const rows = await statements.rows(byVersion, [book, code, currency, after, recordedThrough ?? null, limit])
  return rows.map(accountPostingOf)
}

export async function readLastRecorded(
  statements: Statements,
  book: string,
  { through, code, currency }: AccountRef & { through: number },
): Promise<AccountPosting | null> {
  const [row] = await statements.rows(recordedLast, [book, code, currency, through])
  return row ? accountPostingOf(row) : null
}

export async function readByEffect(
  statements: Statements,
  book: string,
  { page, code, currency }: AccountRef & { page: EffectPage },
): Promise<AccountPosting[]> {
  const { after, limit, from = FIRST, through = LAST } = page
  const { effectiveAt, version } = after ?? { effectiveAt: -1, version: 0 }
  const rows = await statements.rows(byEffect, [book, code, currency, from, through, effectiveAt, version, limit])
  return rows.map(accountPostingOf)
}

export async function readEffectiveTotals(
  statements: Statements,
  book: string,
  { from, through, code, currency }: AccountRef & { from: number; through: number },
): Promise<Totals> {
  const [row] = await statements.rows(effectiveTotals, [book, code, currency, from, through])
  return totalsOf(row ?? ['0', '0'])
}
