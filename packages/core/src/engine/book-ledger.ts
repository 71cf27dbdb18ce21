import { type BookParts, createBookParts } from './book-parts.js'
import type { BookContext } from './context.js'
import { createInstructions, createPayouts, type Instructions, type Payouts } from './instructions.js'
import { createSettlements, type Settlements } from './settlements.js'

/** The methods of one book. */
export interface BookLedger extends BookParts {
  readonly settlements: Settlements
  readonly payouts: Payouts
  readonly instructions: Instructions
}

export function createBookLedger(context: BookContext): BookLedger {
  return {
    ...createBookParts(context),
    settlements: createSettlements(context),
    payouts: createPayouts(context),
    instructions: createInstructions(context),
  }
}
