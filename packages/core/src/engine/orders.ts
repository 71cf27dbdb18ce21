import { type Instruction, type InstructionState, instructionIds } from '../instructions/instruction.js'
import { parserOf } from '../journal/schema.js'
import type { MoneyInput } from '../money/index.js'
import { captureOrderCommand } from '../payouts/capture-order.js'
import { createOrderCommand } from '../payouts/create-order.js'
import { ownIdSchema } from '../payouts/own-id.js'
import { attempt } from './attempt.js'
import type { BookContext } from './context.js'
import { getInstruction, type InstructionView, instructionFilter, listInstructions } from './instructions.js'
import type { Listing } from './listing.js'
import { readerOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** An order or a capture as it stands now, and whether the call repeats an earlier one. */
export type OrderAnswer = InstructionView & { readonly replayed: boolean }

/** What payers are asked for, through a gateway. */
export interface Orders {
  /**
   * Asks the payer of an escrow for money, and the gateway for an order at once: its `gatewayReference` is what a checkout
   * page pays. When the gateway does not answer, the order is `unknown` or `waiting`, and dispatching goes on with it: call
   * again with the same key, or `get` it later. What the payer pays is posted by webhook or polling, whichever comes first.
   *
   * Throws `order_exists`, `escrow_not_found`, `escrow_already_settled` and the like, `escrow_overfunded`,
   * `amount_off_step`, `operation_unsupported`, `below_gateway_minimum`.
   */
  create(
    input: {
      /** The host's own id of this order, unique in the book. */
      readonly id: string
      readonly escrow: string
      /** What the escrow still waits for, unless it is given. */
      readonly amount?: MoneyInput | undefined
      readonly gateway: string
    },
    options?: CallOptions,
  ): Promise<OrderAnswer>
  /**
   * Takes what the payer has authorised, under the gateway's reference of it; dispatching does so by itself when it learns
   * of it. Answers with the capture. `instruction_not_found`, `instruction_state`, `capture_exists`, `operation_unsupported`.
   */
  capture(input: { readonly id: string; readonly payment: string }, options?: CallOptions): Promise<OrderAnswer>
  /** Asks the gateway what became of an order now, and posts what has arrived. `instruction_not_found`. */
  refresh(id: string): Promise<InstructionView>
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

export function createOrders(context: BookContext): Orders {
  return {
    async create(input, options) {
      const { result, replayed } = await context.run(createOrderCommand, input, options)
      return { ...(await carryOut(context, result.instruction)), replayed }
    },
    async capture(input, options) {
      const { result, replayed } = await context.run(captureOrderCommand, input, options)
      return { ...(await carryOut(context, result.instruction)), replayed }
    },
    async refresh(id) {
      const key = instructionIds.order(readId(id))
      const order = await readInstruction(context, key)
      if (order) await attempt(context, order, { early: true })
      return getInstruction(context, key)
    },
    get: async (id) => getInstruction(context, instructionIds.order(readId(id))),
    list: (filter) => listInstructions(context, { ...readFilter(filter), kind: 'order' }),
  }
}

/** Carries out what was just recorded, rather than when a worker comes by: somebody waits for it. */
async function carryOut(context: BookContext, id: string): Promise<InstructionView> {
  const instruction = await readInstruction(context, id)
  if (instruction?.state === 'recorded') await attempt(context, instruction, {})
  return getInstruction(context, id)
}

async function readInstruction({ reads, book }: BookContext, id: string): Promise<Instruction | null> {
  return (await reads.record(book, 'instructions', id)) as Instruction | null
}
