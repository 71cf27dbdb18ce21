import { accounts, columnName, decodeMetadata, entries, entryFields, postings } from '@escrow-ledger/sql'
import type { Entry, Posting } from 'escrow-ledger'
import { equals } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Row, Statements } from './statements.js'

export type EntryHead = Omit<Entry, 'postings'>

/** An entry's columns in the order in which `entryOf` reads them. */
export const entrySelection = entryFields.map((field) => `entry.${columnName(field)}`).join(', ')
const ENTRY_COLUMNS = entryFields.length

/** Reads an entry without its postings from a row that has its columns from `offset` on. */
export function entryOf(row: Row, offset = 0): EntryHead {
  const text = (index: number) => row[offset + index] as string | null
  const number = (index: number) => {
    const value = text(index)
    return value === null ? null : Number(value)
  }
  const metadata = decodeMetadata(text(3))
  return {
    id: text(0) as string,
    kind: text(1) as string,
    description: text(2) as string,
    metadata: metadata ?? {},
    reference: text(4),
    effectiveAt: number(5) as number,
    recordedAt: number(6) as number,
    occurredAt: number(7),
    actor: text(8),
    reverses: text(9),
    reason: text(10),
    escrow: text(11),
    release: number(12),
    gateway: text(13),
    payment: text(14),
    party: text(15),
    instruction: text(16),
    ...(metadata === null ? { unreadable: 'metadata' } : null),
  }
}

export const postingSelection = 'account.code, account.currency, posting.amount, posting.version, posting.balance'
export const POSTING_COLUMNS = 5

export function postingOf(row: Row, offset = 0): Posting {
  return {
    code: row[offset] as string,
    currency: row[offset + 1] as string,
    amount: BigInt(row[offset + 2] as string),
    version: Number(row[offset + 3]),
    balance: BigInt(row[offset + 4] as string),
  }
}

/** A look-up of the entry with an id, as `entry`, to join with. */
export function entryWithId(id: string): string {
  return `LATERAL (SELECT * FROM ${SCHEMA}.${entries.name} AS entry
    WHERE entry.book = $1 AND ${equals('entry.id', id)} ORDER BY entry.id LIMIT 1) AS entry`
}

/**
 * The postings of `entry` in their order, as one JSON text of rows whose values are texts, so that an entry is one row
 * and its amounts stay exact.
 */
const linesOfEntry = `(SELECT json_agg(json_build_array(account.code, account.currency, posting.amount::text,
    posting.version::text, posting.balance::text) ORDER BY posting.line)
  FROM ${SCHEMA}.${postings.name} AS posting
  CROSS JOIN LATERAL (SELECT account.code, account.currency FROM ${SCHEMA}.${accounts.name} AS account
    WHERE account.book = entry.book AND ${equals('account.account', 'posting.account')}
    ORDER BY account.account LIMIT 1) AS account
  WHERE posting.book = entry.book AND posting.entry = entry.id)`

/** An entry's columns and its postings, from `entry`, in the order in which `wholeEntryOf` reads them. */
export const wholeEntrySelection = `${entrySelection}, ${linesOfEntry}`

export function wholeEntryOf(row: Row): Entry {
  const lines = JSON.parse(row[ENTRY_COLUMNS] ?? '[]') as Row[]
  return { ...entryOf(row), postings: lines.map((line) => postingOf(line)) }
}

const byIds = `SELECT ${wholeEntrySelection}
  FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, nth)
  CROSS JOIN ${entryWithId('asked.id')}
  ORDER BY asked.nth`

/** The canonical text of a UUID: nothing is kept under another one, which the server may read all the same. */
const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Loads entries with their postings, in the order asked for, without those that are not there. */
export async function loadEntries(statements: Statements, book: string, ids: readonly string[]): Promise<Entry[]> {
  const known = ids.filter((id) => canonical.test(id))
  if (known.length === 0) return []
  return (await statements.rows(byIds, [book, `{${known.join(',')}}`])).map(wholeEntryOf)
}
