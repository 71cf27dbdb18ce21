import { accounts, columnName, decodeMetadata, entries, entryFields, postings, type SqlValue } from '@escrow-ledger/sql'
import type { Entry, Posting, PostingPlace } from 'escrow-ledger'
import { knownAccount } from './accounts.js'
import { bytesOfId, idOfBytes } from './ids.js'
import { insertionInto, insertRows } from './insert-rows.js'
import type { Row, Statements } from './statements.js'
import type { Unit } from './unit.js'

export type EntryHead = Omit<Entry, 'postings'>

/** An entry's columns in the order in which `entryOf` reads them. */
export const entrySelection = entryFields.map((field) => `entry.${columnName(field)}`).join(', ')
const ENTRY_COLUMNS = entryFields.length

/** Reads an entry without its postings from a row that has its columns from `offset` on. */
export function entryOf(row: Row, offset = 0): EntryHead {
  const text = (index: number) => row[offset + index] as string | null
  const number = (index: number) => {
    const value = row[offset + index]
    return value === null ? null : Number(value)
  }
  const metadata = decodeMetadata(text(3))
  const reverses = row[offset + 9]
  return {
    id: idOfBytes(row[offset] as Uint8Array),
    kind: text(1) as string,
    description: text(2) as string,
    metadata: metadata ?? {},
    reference: text(4),
    effectiveAt: number(5) as number,
    recordedAt: number(6) as number,
    occurredAt: number(7),
    actor: text(8),
    reverses: reverses === null ? null : idOfBytes(reverses as Uint8Array),
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
    amount: row[offset + 2] as bigint,
    version: Number(row[offset + 3]),
    balance: row[offset + 4] as bigint,
  }
}

const byId = `SELECT ${entrySelection}, entry.seq FROM ${entries.name} AS entry WHERE entry.book = ? AND entry.id = ?`
const ofEntry = `SELECT ${postingSelection} FROM ${postings.name} AS posting
  JOIN ${accounts.name} AS account ON account.account = posting.account AND account.book = posting.book
  WHERE posting.book = ? AND posting.entry = ? ORDER BY posting.line`

/** Loads an entry with its postings; null where there is none. */
export function loadEntry(statements: Statements, book: number, id: string): Entry | null {
  const bytes = bytesOfId(id)
  const row = bytes && statements.read(byId).get(book, bytes)
  return row ? withPostings(statements, book, row) : null
}

/** Reads an entry, whose row ends with its number, and its postings. */
export function withPostings(statements: Statements, book: number, row: Row): Entry {
  const lines = statements.read(ofEntry).all(book, row[ENTRY_COLUMNS] as bigint)
  return { ...entryOf(row), postings: lines.map((line) => postingOf(line)) }
}

const lastEntry = `SELECT max(seq) FROM ${entries.name}`
const lastPosted = `SELECT max(entry) FROM ${postings.name} WHERE book = ?`
const insertPostings = insertionInto(postings.name, [
  'book',
  'entry',
  'line',
  'account',
  'version',
  'amount',
  'balance',
  'late_at',
  'high_at',
])
const insertEntries = insertionInto(entries.name, ['seq', 'book', 'postings', ...entryFields.map(columnName)])

/** Writes entries in their order, whose rows seal the postings that were written before; returns their numbers by id. */
export function writeEntries(
  unit: Unit,
  book: number,
  { posted, places }: { posted: readonly Entry[]; places: readonly PostingPlace[] },
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  if (posted.length === 0) return numbers
  const { statements } = unit
  // A posting whose entry never came would stand in the way of an entry with its number.
  let seq = Math.max(
    Number(statements.read(lastEntry).get()?.[0] ?? 0),
    Number(statements.read(lastPosted).get(book)?.[0] ?? 0),
  )
  const postingRows: SqlValue[] = []
  const entryRows: SqlValue[] = []
  let nth = 0
  for (const entry of posted) {
    seq += 1
    let line = 0
    for (const posting of entry.postings) {
      const { version, amount, balance } = posting
      const { lateAt, highAt } = places[nth++] as PostingPlace
      const { number } = knownAccount(unit, posting)
      postingRows.push(book, seq, line++, number, version, amount, balance, lateAt, highAt)
    }
    addEntryRow(entryRows, { seq, book, entry })
    numbers.set(entry.id, seq)
  }
  insertRows(statements, insertPostings, postingRows)
  insertRows(statements, insertEntries, entryRows)
  return numbers
}

function addEntryRow(rows: SqlValue[], { seq, book, entry }: { seq: number; book: number; entry: Entry }): void {
  rows.push(
    seq,
    book,
    entry.postings.length,
    bytesOfId(entry.id),
    entry.kind,
    entry.description,
    metadataText(entry.metadata),
    entry.reference,
    entry.effectiveAt,
    entry.recordedAt,
    entry.occurredAt,
    entry.actor,
    entry.reverses === null ? null : bytesOfId(entry.reverses),
    entry.reason,
    entry.escrow,
    entry.release,
    entry.gateway,
    entry.payment,
    entry.party,
    entry.instruction,
  )
}

function metadataText(metadata: Entry['metadata']): string | null {
  const text = JSON.stringify(metadata)
  return text === '{}' ? null : text
}
