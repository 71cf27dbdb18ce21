import { z } from 'zod'
import { type Instruction, type InstructionState, instructionIds } from '../instructions/instruction.js'
import type { InstantInput } from '../journal/instant.js'
import { idSchema, parserOf } from '../journal/schema.js'
import type { Money, MoneyInput } from '../money/index.js'
import { chargePayoutFeeCommand, payoutNotFound } from '../payouts/charge-payout-fee.js'
import { ownIdSchema } from '../payouts/own-id.js'
import { requestPayoutCommand } from '../payouts/request-payout.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import {
  type InstructionView,
  instructionFilter,
  instructionView,
  listInstructions,
  type Reply,
} from './instructions.js'
import type { Listing } from './listing.js'
import { type PayoutRun, type PayoutRunOptions, runPayouts } from './payout-run.js'
import { readerOf } from './read-options.js'
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
  /**
   * A gateway's fee for a payout that is told apart from it, once per fee id (default: the payout's). A fact.
   * `payout_not_found`, `fee_mismatch`.
   */
  fee(
    input: {
      /** The host's own id of the payout. */
      readonly id: string
      /** The whole fee, tax included. */
      readonly fee: MoneyInput
      /** What of it is recoverable tax. */
      readonly tax?: MoneyInput | undefined
      readonly feeId?: string | undefined
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<{ readonly fee: Money; readonly tax: Money }>>
  /** Throws `payout_not_found`. */
  get(id: string): Promise<InstructionView>
  /** In the order in which they were requested. */
  list(filter?: {
    readonly state?: InstructionState | readonly InstructionState[] | undefined
    readonly gateway?: string | undefined
    readonly payee?: string | undefined
  }): Listing<InstructionView>
  /** Pays out what is payable, once per payee, currency and period. */
  run(options: PayoutRunOptions): Promise<PayoutRun>
}

/** What else is said of it is read by the command. */
const ofPayoutSchema = z.looseObject({ id: z.string() })
const readId = parserOf(ownIdSchema)
const { escrow: _, ...filterFields } = instructionFilter
const readFilter = readerOf({ ...filterFields, payee: idSchema.optional() })

export function createPayouts(context: BookContext): Payouts {
  async function find(id: string): Promise<Instruction | null> {
    const key = instructionIds.payout(id)
    return (await context.reads.record(context.book, 'instructions', key)) as Instruction | null
  }
  return {
    request: async (input, options) => answerOf(await context.run(requestPayoutCommand, input, options)),
    async fee(input, options) {
      const gateway = (await find(parserOf(ofPayoutSchema)(input).id))?.gateway
      return answerOf(await context.run(chargePayoutFeeCommand, { ...input, gateway }, options))
    },
    async get(id) {
      const instruction = await find(readId(id))
      if (instruction) return instructionView(instruction)
      throw payoutNotFound(id)
    },
    list(filter) {
      const { payee, ...rest } = readFilter(filter)
      return listInstructions(context, { ...rest, party: payee, kind: 'payout' })
    },
    run: (options) => runPayouts(context, options),
  }
}
