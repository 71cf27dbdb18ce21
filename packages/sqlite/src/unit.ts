import type { Book } from 'escrow-ledger'
import { type AccountCache, createKnownAccounts, type KnownAccounts } from './known-accounts.js'
import type { Statements } from './statements.js'

/** What one unit of work has found out so far. */
export interface Unit {
  readonly statements: Statements
  readonly bookName: string
  /** The book's number and row; null where it has none yet. Undefined before it was looked for. */
  book: { readonly number: number; readonly book: Book } | null | undefined
  readonly accounts: KnownAccounts
  /** What earlier units of work knew; null on a connection that others write through as well. */
  readonly cache: AccountCache | null
  /** Idempotency keys by their hash. */
  readonly hashes: Map<string, Buffer>
}

export function createUnit(statements: Statements, bookName: string, cache: AccountCache | null): Unit {
  return { statements, bookName, book: undefined, accounts: createKnownAccounts(), cache, hashes: new Map() }
}
