import { accounts, entries, postings } from '@escrow-ledger/sql'
import type { AccountRef } from 'escrow-ledger'
import type { Statements } from './statements.js'

/** An account as its postings know it. */
export interface Place {
  readonly book: number
  readonly account: number
  /** Its last version. */
  readonly version: number
}

const byRef = `SELECT account, version FROM ${accounts.name} WHERE book = ? AND code = ? AND currency = ?`
const byCode = `SELECT account, version FROM ${accounts.name} WHERE book = ? AND code = ?`
const ofVersion = `FROM ${postings.name} AS posting JOIN ${entries.name} AS entry ON entry.seq = posting.entry
  WHERE posting.book = ? AND posting.account = ? AND posting.version = ?`

/** Times that never go back from one version of an account to the next: recorded time … */
export const recordedAt = `SELECT entry.recorded_at ${ofVersion}`
/** … and the latest effective time so far. */
export const highAt = `SELECT coalesce(posting.high_at, entry.effective_at) ${ofVersion}`

export function placeOf(statements: Statements, book: number, { code, currency }: AccountRef): Place {
  const row = statements.read(byRef).get(book, code, currency)
  return { book, account: Number(row?.[0] ?? 0), version: Number(row?.[1] ?? 0) }
}

/** The accounts of a code, in one currency or in all. */
export function placesOf(statements: Statements, book: number, code: string, currency: string | undefined): Place[] {
  if (currency !== undefined) return [placeOf(statements, book, { code, currency })]
  const rows = statements.read(byCode).all(book, code)
  return rows.map(([account, version]) => ({ book, account: Number(account), version: Number(version) }))
}

/** The last version whose time is at most this; 0 where there is none. Looks at as many postings as the count has bits. */
export function lastVersion(
  statements: Statements,
  { book, account, version }: Place,
  { time, atMost }: { time: string; atMost: number },
): number {
  const reader = statements.read(time)
  let low = 0
  let high = version
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (Number(reader.get(book, account, middle)?.[0]) <= atMost) low = middle
    else high = middle - 1
  }
  return low
}

/** The time of a version that exists. */
export function timeOf(
  statements: Statements,
  { book, account }: Place,
  given: { time: string; version: number },
): number {
  return Number(statements.read(given.time).get(book, account, given.version)?.[0])
}
