import { ledgerError } from '../errors/index.js'
import { type Instruction, type InstructionState, instructionIds } from '../instructions/instruction.js'
import type { InstantInput } from '../journal/instant.js'
import type { MoneyInput } from '../money/index.js'
import { requestPayoutCommand } from '../payouts/request-payout.js'
import { answerOf, type BookContext } from './context.js'
import { type InstructionView, instructionView, listInstructions, type Reply } from './instructions.js'
import type { Listing } from './listing.js'
import { type PayoutRun, type PayoutRunOptions, runPayouts } from './payout-run.js'
import type { CallOptions } from './request.js'

/** Money on its way to payees. */
export interface Payouts {
  /** `payout_exists`, `operation_unsupported`, `amount_off_step`, `below_gateway_minimum`, `insufficient_funds`, and the rules of posting. */
  request(
    input: {
      /** The host's own id of this payout, unique in the book. */
      readonly id: string
      readonly payee: string
      readonly amount: MoneyInput
      readonly gateway: string
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Reply
  /** Throws `payout_not_found`. */
  get(id: string): Promise<InstructionView>
  list(filter?: {
    readonly state?: InstructionState | undefined
    readonly gateway?: string | undefined
  }): Listing<InstructionView>
  /** Pays out what is payable, once per payee, currency and period. */
  run(options: PayoutRunOptions): Promise<PayoutRun>
}

export function createPayouts(context: BookContext): Payouts {
  return {
    request: async (input, options) => answerOf(await context.run(requestPayoutCommand, input, options)),
    async get(id) {
      const key = instructionIds.payout(id)
      const instruction = (await context.reads.record(context.book, 'instructions', key)) as Instruction | null
      if (instruction) return instructionView(instruction)
      throw ledgerError('payout_not_found', `There is no payout ${id} in this book. payouts.list shows them.`)
    },
    list: (filter = {}) => listInstructions(context, { ...filter, kind: 'payout' }),
    run: (options) => runPayouts(context, options),
  }
}
