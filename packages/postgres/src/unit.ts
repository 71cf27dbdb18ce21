import type { AccountRef } from 'escrow-ledger'
import type { AccountNumbers } from './account-numbers.js'
import type { Statements } from './statements.js'

/** What one unit of work, or one read ahead of it, works with. */
export interface Unit {
  readonly statements: Statements
  readonly bookName: string
  /** The book's number. */
  readonly book: string
  readonly numbers: AccountNumbers
  /** Accounts that got their number in this unit of work: forgotten again when it comes to nothing. */
  readonly opened: { readonly ref: AccountRef; readonly number: string }[]
  readonly lockTimeoutMs: number
}
