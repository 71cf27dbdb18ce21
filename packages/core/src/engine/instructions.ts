import { z } from 'zod'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import { exchanges, type KeptExchange } from '../instructions/exchange-record.js'
import {
  type Instruction,
  type InstructionKind,
  type InstructionState,
  instructionKinds,
  instructionStates,
} from '../instructions/instruction.js'
import type { InstantInput } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import {
  absentInstructionCommand,
  cancelInstructionCommand,
  confirmInstructionCommand,
  failInstructionCommand,
  instructionIdSchema,
  resendInstructionCommand,
  reverseInstructionCommand,
} from '../payouts/instruction-commands.js'
import type { InstructionAnswer } from '../payouts/instruction-outcome.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { type DispatchOptions, type DispatchRun, dispatchInstructions } from './dispatcher.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { oneOrMore, readerOf, whereOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** An instruction as the host sees it. */
export interface InstructionView {
  readonly id: string
  readonly kind: InstructionKind
  readonly gateway: string
  readonly state: InstructionState
  readonly amount: Money
  readonly party: string
  readonly escrow: string | null
  readonly payment: string | null
  /** The instruction that this one goes on from: of a capture its order, of a release or reversal its transfer. */
  readonly about: string | null
  readonly destination: string | null
  /** Of a transfer: what was taken back of it, or is about to be; more than it was where a refund took of the payee's own. */
  readonly takenBack: Money
  /** The key under which the gateway knows the call, and by which an operator finds it there. */
  readonly gatewayKey: string
  /** The key under which the gateway knows the batch in which a payout goes, where it takes many at a time. */
  readonly batch: string | null
  readonly gatewayReference: string | null
  readonly reason: string | null
  readonly attempts: number
  readonly nextAt: number | null
  readonly createdAt: number
  readonly changedAt: number
  readonly replacedBy: string | null
}

export type Reply = Promise<Answer<InstructionAnswer>>

/** What gateways must be told exactly once in effect. */
export interface Instructions {
  /** Throws `instruction_not_found`. */
  get(id: string): Promise<InstructionView>
  /** In the order in which they were recorded. */
  list(filter?: {
    readonly state?: InstructionState | readonly InstructionState[] | undefined
    readonly gateway?: string | undefined
    readonly kind?: InstructionKind | undefined
    readonly escrow?: string | undefined
  }): Listing<InstructionView>
  /** Carries out what is recorded and due, through the gateways that have an adapter. */
  dispatch(options?: DispatchOptions): Promise<DispatchRun>
  /** An operator says that it was done, under the bank's or gateway's reference. `instruction_state`. */
  confirm(
    input: {
      readonly id: string
      readonly reference: string
      readonly at?: InstantInput | undefined
      readonly fee?: { readonly fee: MoneyInput; readonly tax?: MoneyInput | undefined } | undefined
    },
    options?: CallOptions,
  ): Reply
  /** An operator says that nothing comes of it: the money is owed again. `instruction_state`. */
  fail(
    input: { readonly id: string; readonly reason: string; readonly at?: InstantInput | undefined },
    options?: CallOptions,
  ): Reply
  /** Takes back one that was never sent. `instruction_state`. */
  cancel(input: { readonly id: string; readonly reason?: string | undefined }, options?: CallOptions): Reply
  /** A payout came back after it was processed. `instruction_state`. */
  reverse(
    input: { readonly id: string; readonly reason: string; readonly at?: InstantInput | undefined },
    options?: CallOptions,
  ): Reply
  /** Sends a failed refund another way: by bank transfer when the card is dead, say. `instruction_state`. */
  resend(input: { readonly id: string; readonly gateway: string }, options?: CallOptions): Reply
  /**
   * An operator has looked what became of one that is unknown: the gateway did it, nothing comes of it, or it never
   * arrived, so that it is sent as if for the first time. Exactly one of the three. `instruction_state`.
   */
  resolve(
    input: {
      readonly id: string
      readonly processed?:
        | {
            readonly reference: string
            readonly at?: InstantInput | undefined
            readonly fee?: { readonly fee: MoneyInput; readonly tax?: MoneyInput | undefined } | undefined
          }
        | undefined
      readonly failed?: { readonly reason: string; readonly at?: InstantInput | undefined } | undefined
      readonly absent?: true | undefined
    },
    options?: CallOptions,
  ): Reply
  /** What was said to the gateway about one, and what it answered, in order; without secrets and card data. */
  exchanges(id: string): Listing<ExchangeView>
}

export function createInstructions(context: BookContext): Instructions {
  return {
    get: (id) => getInstruction(context, id),
    list: (filter) => listInstructions(context, readFilter(filter)),
    dispatch: (options) => dispatchInstructions(context, options),
    confirm: async (input, options) => answerOf(await context.run(confirmInstructionCommand, input, options)),
    fail: async (input, options) => answerOf(await context.run(failInstructionCommand, input, options)),
    cancel: async (input, options) => answerOf(await context.run(cancelInstructionCommand, input, options)),
    reverse: async (input, options) => answerOf(await context.run(reverseInstructionCommand, input, options)),
    resend: async (input, options) => answerOf(await context.run(resendInstructionCommand, input, options)),
    resolve: async (input, options) => resolve(context, input, options),
    exchanges: (id) => listExchanges(context, parserOf(instructionIdSchema)(id)),
  }
}

/** What was said of it is read by the command that it makes. */
const resolutionSchema = z.strictObject({
  id: instructionIdSchema,
  processed: z.looseObject({}).optional(),
  failed: z.looseObject({}).optional(),
  absent: z.literal(true).optional(),
})

async function resolve(
  context: BookContext,
  input: Parameters<Instructions['resolve']>[0],
  options: CallOptions | undefined,
): Reply {
  const { id, processed, failed, absent } = parserOf(resolutionSchema)(input)
  const said = [processed, failed, absent].filter((each) => each !== undefined)
  if (said.length !== 1) {
    const message = 'must be said by exactly one of "processed", "failed" and "absent"'
    throw invalidInput([{ path: 'processed', message }])
  }
  if (processed) return answerOf(await context.run(confirmInstructionCommand, { id, ...processed }, options))
  if (failed) return answerOf(await context.run(failInstructionCommand, { id, ...failed }, options))
  return answerOf(await context.run(absentInstructionCommand, { id }, options))
}

/** One request about an instruction, and its answer. */
export type ExchangeView = Omit<KeptExchange, 'instruction' | 'revision'>

function listExchanges({ reads, book }: BookContext, instruction: string): Listing<ExchangeView> {
  const order = ['attempt', 'sequence']
  return createListing<KeptExchange, ExchangeView>({
    fetch: async (after, limit) => {
      const query = { kind: 'exchanges', where: { instruction }, order, after, limit } as const
      return (await reads.records(book, query)) as KeptExchange[]
    },
    cursorOf: (exchange) => [exchange.attempt, exchange.sequence, exchanges.keyOf(exchange)],
    cursor: z.tuple([cursorParts.integer, cursorParts.integer, cursorParts.text]),
    view: ({ instruction: _, revision: __, ...view }) => view,
  })
}

export async function getInstruction({ reads, book }: BookContext, id: string): Promise<InstructionView> {
  const key = parserOf(instructionIdSchema)(id)
  const instruction = (await reads.record(book, 'instructions', key)) as Instruction | null
  if (instruction) return instructionView(instruction)
  throw ledgerError(
    'instruction_not_found',
    `There is no instruction ${id} in this book. instructions.list shows them.`,
  )
}

/** What every list of instructions can be asked for. */
export const instructionFilter = {
  state: oneOrMore(instructionStates).optional(),
  gateway: nameSchema.optional(),
  escrow: idSchema.optional(),
}
const readFilter = readerOf({ ...instructionFilter, kind: z.enum(instructionKinds).optional() })
type Where = ReturnType<typeof readFilter> & { readonly party?: string | undefined }

export function listInstructions({ reads, book }: BookContext, filter: Where): Listing<InstructionView> {
  const where = whereOf(filter)
  return createListing<Instruction, InstructionView>({
    fetch: async (after, limit) =>
      (await reads.records(book, { kind: 'instructions', where, order: ['createdAt'], after, limit })) as Instruction[],
    cursorOf: (instruction) => [instruction.createdAt, instruction.id],
    cursor: z.tuple([cursorParts.integer, cursorParts.text]),
    view: instructionView,
  })
}

export function instructionView(instruction: Instruction): InstructionView {
  const { id, kind, gateway, state, party, escrow, payment, gatewayReference, reason } = instruction
  const { attempts, nextAt, createdAt, changedAt, replacedBy } = instruction
  const { about, destination, gatewayKey, batch } = instruction
  const amount = fromMinor(instruction.amountMinor, instruction.currency)
  const takenBack = fromMinor(instruction.takenBackMinor, instruction.currency)
  const own = { id, kind, gateway, state, amount, party, escrow, payment, about, destination, takenBack }
  return { ...own, gatewayKey, batch, gatewayReference, reason, attempts, nextAt, createdAt, changedAt, replacedBy }
}
