import { type BookParts, createBookParts } from './book-parts.js'
import type { Clawbacks } from './clawbacks.js'
import type { BookContext } from './context.js'
import { createInstructions, type Instructions } from './instructions.js'
import type { Movements } from './movements.js'
import { createOrders, type Orders } from './orders.js'
import { createPayouts, type Payouts } from './payouts.js'
import { pollClawbacks } from './poll-clawbacks.js'
import type { Poll, PollOptions } from './poll-gateways.js'
import { pollSettlements } from './poll-settlements.js'
import { createSettlements, type Settlements } from './settlements.js'
import { createTransfers, type Transfers } from './transfers.js'
import { createWebhooks, type Webhooks } from './webhooks.js'

/** The methods of one book. */
export interface BookLedger extends BookParts {
  readonly movements: Movements & {
    /**
     * Asks gateways what they have sent to our banks, and posts it. One that does not answer is told of, and keeps no
     * other from being asked. `gateway_not_found`.
     */
    poll(options?: PollOptions): Promise<Poll>
  }
  readonly clawbacks: Clawbacks & {
    /**
     * Asks gateways what they have taken back out of payments without our asking, and posts it: refunds made there by hand,
     * and disputes. One that does not answer is told of, and keeps no other from being asked. `gateway_not_found`.
     */
    poll(options?: PollOptions): Promise<Poll>
  }
  readonly settlements: Settlements
  readonly payouts: Payouts
  readonly instructions: Instructions
  readonly orders: Orders
  readonly transfers: Transfers
  readonly webhooks: Webhooks
}

export function createBookLedger(context: BookContext): BookLedger {
  const parts = createBookParts(context)
  return {
    ...parts,
    movements: { ...parts.movements, poll: (options = {}) => pollSettlements(context, options) },
    clawbacks: { ...parts.clawbacks, poll: (options = {}) => pollClawbacks(context, options) },
    settlements: createSettlements(context),
    payouts: createPayouts(context),
    instructions: createInstructions(context),
    orders: createOrders(context),
    transfers: createTransfers(context),
    webhooks: createWebhooks(context),
  }
}
