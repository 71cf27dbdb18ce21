import { type BookParts, createBookParts } from './book-parts.js'
import type { BookContext } from './context.js'
import { createInstructions, type Instructions } from './instructions.js'
import { createPayouts, type Payouts } from './payouts.js'
import { createSettlements, type Settlements } from './settlements.js'
import { createTransfers, type Transfers } from './transfers.js'

/**
 * The methods of one book in a transaction of the host's. Runs are left out, and the compiler says so before anything
 * is called: they are many units of work, calls to gateways among them, of which each must be kept by itself. Every
 * `BookLedger` is one of these, so a function that takes one works in a transaction and outside.
 */
export interface BookWithin extends BookParts {
  readonly settlements: Omit<Settlements, 'run'>
  readonly payouts: Omit<Payouts, 'run'>
  readonly instructions: Omit<Instructions, 'dispatch'>
  readonly transfers: Transfers
}

/** The ledger in a transaction of the host's. */
export interface LedgerWithin extends BookWithin {
  /** The same methods on another book, in the same transaction. */
  book(name: string): BookWithin
}

export function createBookWithin(context: BookContext): BookWithin {
  const { run: _settle, ...settlements } = createSettlements(context)
  const { run: _payOut, ...payouts } = createPayouts(context)
  const { dispatch: _dispatch, ...instructions } = createInstructions(context)
  return { ...createBookParts(context), settlements, payouts, instructions, transfers: createTransfers(context) }
}
