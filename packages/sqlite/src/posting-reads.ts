import { accounts, entries, postings } from '@escrow-ledger/sql'
import type { AccountPosting, AccountRef, EffectPage, Totals, VersionPage } from 'escrow-ledger'
import { entryOf, entrySelection, POSTING_COLUMNS, postingOf, postingSelection } from './entries.js'
import type { Row, Statements } from './statements.js'
import { highAt, lastVersion, type Place, placeOf, recordedAt } from './versions.js'

const selection = `SELECT ${postingSelection}, ${entrySelection} FROM ${postings.name} AS posting
  JOIN ${accounts.name} AS account ON account.account = posting.account
  JOIN ${entries.name} AS entry ON entry.seq = posting.entry
  WHERE posting.book = ? AND posting.account = ?`

const byVersion = `${selection} AND posting.version > ? AND posting.version <= ? ORDER BY posting.version LIMIT ?`
const inOrder = `${selection} AND posting.late_at IS NULL AND posting.version >= ? AND posting.version <= ?
  ORDER BY posting.version LIMIT ?`
const late = `${selection} AND posting.late_at IS NOT NULL AND posting.late_at >= ? AND posting.late_at <= ?
  AND (posting.late_at, posting.version) > (?, ?) ORDER BY posting.late_at, posting.version LIMIT ?`

const sides = 'coalesce(sum(max(amount, 0)), 0), coalesce(-sum(min(amount, 0)), 0)'
const ofAccount = `FROM ${postings.name} WHERE book = ? AND account = ?`
const inOrderTotals = `SELECT ${sides} ${ofAccount} AND late_at IS NULL AND version >= ? AND version <= ?`
const lateTotals = `SELECT ${sides} ${ofAccount} AND late_at IS NOT NULL AND late_at >= ? AND late_at <= ?`

const FIRST = 0
const LAST = Number.MAX_SAFE_INTEGER

function accountPostingOf(row: Row): AccountPosting {
  return { posting: postingOf(row), entry: entryOf(row, POSTING_COLUMNS) }
}

export function readByVersion(
  statements: Statements,
  book: number,
  { page, ...ref }: AccountRef & { page: VersionPage },
): AccountPosting[] {
  const found = placeOf(statements, book, ref)
  const { after, limit, recordedThrough } = page
  const last =
    recordedThrough === undefined
      ? found.version
      : lastVersion(statements, found, { time: recordedAt, atMost: recordedThrough })
  return statements.read(byVersion).all(book, found.account, after, last, limit).map(accountPostingOf)
}

export function readLastRecorded(
  statements: Statements,
  book: number,
  { through, ...ref }: AccountRef & { through: number },
): AccountPosting | null {
  const found = placeOf(statements, book, ref)
  const version = lastVersion(statements, found, { time: recordedAt, atMost: through })
  const [row] = statements.read(byVersion).all(book, found.account, version - 1, version, 1)
  return row ? accountPostingOf(row) : null
}

/** Postings in order by version and late ones by their index, merged. */
export function readByEffect(
  statements: Statements,
  book: number,
  { page, ...ref }: AccountRef & { page: EffectPage },
): AccountPosting[] {
  const found = placeOf(statements, book, ref)
  const { after, limit, from = FIRST, through = LAST } = page
  const { first, last } = versionsInOrder(statements, found, { from, through })
  const start = after ? Math.max(first, firstAfter(statements, found, after)) : first
  const { effectiveAt, version } = after ?? { effectiveAt: -1, version: 0 }
  const both = [
    ...statements.read(inOrder).all(book, found.account, start, last, limit),
    ...statements.read(late).all(book, found.account, from, through, effectiveAt, version, limit),
  ]
  return both.map(accountPostingOf).sort(byEffect).slice(0, limit)
}

function byEffect(left: AccountPosting, right: AccountPosting): number {
  return left.entry.effectiveAt - right.entry.effectiveAt || left.posting.version - right.posting.version
}

/** The versions between which the postings in order are effective in a range. */
function versionsInOrder(statements: Statements, found: Place, range: { from: number; through: number }) {
  return {
    first: lastVersion(statements, found, { time: highAt, atMost: range.from - 1 }) + 1,
    last: lastVersion(statements, found, { time: highAt, atMost: range.through }),
  }
}

/** The first version from which the postings in order come after (effectiveAt, version). */
function firstAfter(statements: Statements, found: Place, after: { effectiveAt: number; version: number }): number {
  const { first, last } = versionsInOrder(statements, found, { from: after.effectiveAt, through: after.effectiveAt })
  return Math.min(Math.max(after.version + 1, first), last + 1)
}

export function readEffectiveTotals(
  statements: Statements,
  book: number,
  { from, through, ...ref }: AccountRef & { from: number; through: number },
): Totals {
  const found = placeOf(statements, book, ref)
  const { first, last } = versionsInOrder(statements, found, { from, through })
  const [debits, credits] = statements.read(inOrderTotals).get(book, found.account, first, last) as [bigint, bigint]
  const [lateDebits, lateCredits] = statements.read(lateTotals).get(book, found.account, from, through) as [
    bigint,
    bigint,
  ]
  return { debits: debits + lateDebits, credits: credits + lateCredits }
}
