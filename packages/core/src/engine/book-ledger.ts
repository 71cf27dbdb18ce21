import { type BookParts, createBookParts } from './book-parts.js'
import type { BookContext } from './context.js'
import { createInstructions, type Instructions } from './instructions.js'
import { createOrders, type Orders } from './orders.js'
import { createPayouts, type Payouts } from './payouts.js'
import { createSettlements, type Settlements } from './settlements.js'
import { createTransfers, type Transfers } from './transfers.js'
import { createWebhooks, type Webhooks } from './webhooks.js'

/** The methods of one book. */
export interface BookLedger extends BookParts {
  readonly settlements: Settlements
  readonly payouts: Payouts
  readonly instructions: Instructions
  readonly orders: Orders
  readonly transfers: Transfers
  readonly webhooks: Webhooks
}

export function createBookLedger(context: BookContext): BookLedger {
  return {
    ...createBookParts(context),
    settlements: createSettlements(context),
    payouts: createPayouts(context),
    instructions: createInstructions(context),
    orders: createOrders(context),
    transfers: createTransfers(context),
    webhooks: createWebhooks(context),
  }
}
