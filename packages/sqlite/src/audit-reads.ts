import { accounts, dayTotals, entries, postings } from '@escrow-ledger/sql'
import type { AccountRef, AuditDay, AuditDayPage, AuditPage, AuditPosting } from 'escrow-ledger'
import { POSTING_COLUMNS, postingOf, postingSelection } from './entries.js'
import { idOfBytes } from './ids.js'
import type { Row, Statements } from './statements.js'

// A posting whose entry is missing must show, so entries are joined where they are there.
const postingRows = `SELECT ${postingSelection}, entry.id, coalesce(entry.effective_at, 0), coalesce(entry.recorded_at, 0),
    posting.late_at, posting.high_at
  FROM ${accounts.name} AS account
  CROSS JOIN ${postings.name} AS posting ON posting.book = account.book AND posting.account = account.account
  LEFT JOIN ${entries.name} AS entry ON entry.seq = posting.entry AND entry.book = posting.book`
const dayRows = `SELECT account.code, account.currency, total.day, total.debits, total.credits
  FROM ${accounts.name} AS account
  CROSS JOIN ${dayTotals.name} AS total ON total.book = account.book AND total.account = account.account`
const nextCurrency = `SELECT min(currency) FROM ${accounts.name} WHERE book = ? AND currency > ?`

interface Walk {
  readonly rows: string
  /** What orders the rows of one account. */
  readonly order: string
}

const postingWalk: Walk = { rows: postingRows, order: 'posting.version' }
const dayWalk: Walk = { rows: dayRows, order: 'total.day' }

export function readAuditPostings(statements: Statements, book: number, { after, limit }: AuditPage): AuditPosting[] {
  const from = after && { ...after, last: after.version }
  return walk(statements, postingWalk, { book, after: from, limit }).map((row) => {
    const entry = row[POSTING_COLUMNS] as Uint8Array | null
    return {
      ...postingOf(row),
      entry: entry === null ? '' : idOfBytes(entry),
      effectiveAt: Number(row[POSTING_COLUMNS + 1]),
      recordedAt: Number(row[POSTING_COLUMNS + 2]),
      place: { lateAt: instantOf(row[POSTING_COLUMNS + 3]), highAt: instantOf(row[POSTING_COLUMNS + 4]) },
    }
  })
}

function instantOf(value: Row[number] | undefined): number | null {
  return value === null ? null : Number(value)
}

export function readAuditDays(statements: Statements, book: number, { after, limit }: AuditDayPage): AuditDay[] {
  const from = after && { ...after, last: after.day }
  return walk(statements, dayWalk, { book, after: from, limit }).map(([code, currency, day, debits, credits]) => ({
    code: code as string,
    currency: currency as string,
    day: Number(day),
    debits: debits as bigint,
    credits: credits as bigint,
  }))
}

/** Rows of all accounts by (currency, code) and their own order: the rest of one account, then of its currency, then on. */
function walk(
  statements: Statements,
  { rows, order }: Walk,
  { book, after, limit }: { book: number; after: (AccountRef & { last: number }) | null; limit: number },
): Row[] {
  const found: Row[] = []
  const ofAccount = `${rows} WHERE account.book = ? AND account.currency = ? AND account.code = ? AND ${order} > ?
    ORDER BY ${order} LIMIT ?`
  // The unary plus keeps SQLite to the index on (book, code, currency), whose order is the one asked for: nothing is
  // sorted, and each account's rows are found by their own index.
  const ofCurrency = `${rows} WHERE account.book = ? AND +account.currency = ? AND account.code > ?
    ORDER BY account.code, account.currency, ${order} LIMIT ?`
  let code = ''
  let currency = after?.currency
  if (after) {
    found.push(...statements.read(ofAccount).all(book, after.currency, after.code, after.last, limit))
    code = after.code
  } else currency = currencyAfter(statements, book, '')
  while (currency !== undefined && found.length < limit) {
    found.push(...statements.read(ofCurrency).all(book, currency, code, limit - found.length))
    if (found.length < limit) currency = currencyAfter(statements, book, currency)
    code = ''
  }
  return found
}

function currencyAfter(statements: Statements, book: number, currency: string): string | undefined {
  return (statements.read(nextCurrency).get(book, currency)?.[0] as string | null) ?? undefined
}
