import { type InstructionState, instructionIds } from '../instructions/instruction.js'
import type { InstantInput } from '../journal/instant.js'
import { parserOf } from '../journal/schema.js'
import type { MoneyInput } from '../money/index.js'
import { createTransferCommand } from '../payouts/create-transfer.js'
import { ownIdSchema } from '../payouts/own-id.js'
import { releaseTransferCommand } from '../payouts/release-transfer.js'
import { reverseTransferCommand } from '../payouts/reverse-transfer.js'
import { answerOf, type BookContext } from './context.js'
import {
  getInstruction,
  type InstructionView,
  instructionFilter,
  listInstructions,
  type Reply,
} from './instructions.js'
import type { Listing } from './listing.js'
import { readerOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** Money at payees' linked accounts (Razorpay Route, PayPal's delayed disbursement). */
export interface Transfers {
  /**
   * Moves money to a payee's linked account, held there until it is released unless `hold` says otherwise. Where a gateway
   * divides payments with payees by itself, as PayPal does, a transfer comes with its payment, by the payment's reference.
   * `transfer_exists`, `operation_unsupported`, `amount_off_step`, `below_gateway_minimum`.
   */
  create(
    input: {
      /** The host's own id of this transfer, unique in the book. */
      readonly id: string
      readonly payee: string
      readonly amount: MoneyInput
      readonly gateway: string
      /** The payment that it is taken from; out of the balance unless it is given. */
      readonly payment?: string | undefined
      readonly escrow?: string | undefined
      readonly hold?: 'none' | 'indefinite' | { readonly until: InstantInput } | undefined
    },
    options?: CallOptions,
  ): Reply
  /**
   * Lets the linked account settle what is left of a transfer: the payee is paid what it is owed. Not while a part of it
   * is just being taken back. `instruction_not_found`, `release_exists`, `instruction_state`, `insufficient_funds`, and
   * the rules of posting.
   */
  release(input: { readonly id: string; readonly at?: InstantInput | undefined }, options?: CallOptions): Reply
  /**
   * Takes a part of a transfer back, or all of it. `reversal_exists`, `release_exists`, `reversal_exceeds_transfer`; and
   * `operation_unsupported` where that comes with the refund.
   */
  reverse(
    input: { readonly id: string; readonly transfer: string; readonly amount: MoneyInput },
    options?: CallOptions,
  ): Reply
  /** Throws `instruction_not_found`. */
  get(id: string): Promise<InstructionView>
  list(filter?: {
    readonly state?: InstructionState | undefined
    readonly gateway?: string | undefined
    readonly escrow?: string | undefined
  }): Listing<InstructionView>
}

const readFilter = readerOf(instructionFilter)
const readId = parserOf(ownIdSchema)

export function createTransfers(context: BookContext): Transfers {
  return {
    create: async (input, options) => answerOf(await context.run(createTransferCommand, input, options)),
    release: async (input, options) => answerOf(await context.run(releaseTransferCommand, input, options)),
    reverse: async (input, options) => answerOf(await context.run(reverseTransferCommand, input, options)),
    get: async (id) => getInstruction(context, instructionIds.transfer(readId(id))),
    list: (filter) => listInstructions(context, { ...readFilter(filter), kind: 'transfer' }),
  }
}
