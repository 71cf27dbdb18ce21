import type { Book } from 'escrow-ledger'
import type { Statements } from './statements.js'

/** What the storage alone knows of an account: its number, and the latest effective time of its postings. */
export interface AccountPlace {
  readonly number: number
  highAt: number | null
}

/** What one unit of work has found out so far. */
export interface Unit {
  readonly statements: Statements
  readonly bookName: string
  /** The book's number and row; null where it has none yet. Undefined before it was looked for. */
  book: { readonly number: number; readonly book: Book } | null | undefined
  /** By account key. */
  readonly places: Map<string, AccountPlace>
  /** Idempotency keys by their hash. */
  readonly hashes: Map<string, Buffer>
}

export function createUnit(statements: Statements, bookName: string): Unit {
  return { statements, bookName, book: undefined, places: new Map(), hashes: new Map() }
}
