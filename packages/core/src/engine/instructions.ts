import { ledgerError } from '../errors/index.js'
import {
  type Instruction,
  type InstructionKind,
  type InstructionState,
  payoutInstructionId,
} from '../instructions/instruction.js'
import type { InstantInput } from '../journal/instant.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import {
  cancelInstructionCommand,
  confirmInstructionCommand,
  failInstructionCommand,
  resendInstructionCommand,
  reverseInstructionCommand,
} from '../payouts/instruction-commands.js'
import type { InstructionAnswer } from '../payouts/instruction-outcome.js'
import { requestPayoutCommand } from '../payouts/request-payout.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { type DispatchOptions, type DispatchRun, dispatchInstructions } from './dispatcher.js'
import { createListing, type Listing } from './listing.js'
import { type PayoutRun, type PayoutRunOptions, runPayouts } from './payout-run.js'
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
  readonly gatewayReference: string | null
  readonly reason: string | null
  readonly attempts: number
  readonly nextAt: number | null
  readonly createdAt: number
  readonly changedAt: number
  readonly replacedBy: string | null
}

type Reply = Promise<Answer<InstructionAnswer>>

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
  /** Sends a failed refund another way. `instruction_state`. */
  resend(input: { readonly id: string; readonly gateway: string }, options?: CallOptions): Reply
}

export function createInstructions(context: BookContext): Instructions {
  return {
    get: (id) => getInstruction(context, id),
    list: (filter = {}) => listInstructions(context, filter),
    dispatch: (options = {}) => dispatchInstructions(context, options),
    confirm: async (input, options) => answerOf(await context.run(confirmInstructionCommand, input, options)),
    fail: async (input, options) => answerOf(await context.run(failInstructionCommand, input, options)),
    cancel: async (input, options) => answerOf(await context.run(cancelInstructionCommand, input, options)),
    reverse: async (input, options) => answerOf(await context.run(reverseInstructionCommand, input, options)),
    resend: async (input, options) => answerOf(await context.run(resendInstructionCommand, input, options)),
  }
}

async function getInstruction({ reads, book }: BookContext, id: string): Promise<InstructionView> {
  const instruction = (await reads.record(book, 'instructions', id)) as Instruction | null
  if (instruction) return instructionView(instruction)
  throw ledgerError(
    'instruction_not_found',
    `There is no instruction ${id} in this book. instructions.list shows them.`,
  )
}

type Where = Parameters<Instructions['list']>[0]

function listInstructions({ reads, book }: BookContext, filter: Where): Listing<InstructionView> {
  const given = Object.entries(filter ?? {}).flatMap(([field, value]) =>
    value === undefined ? [] : [[field, value] as const],
  )
  const where = Object.fromEntries(given)
  return createListing<Instruction, InstructionView>({
    fetch: async (after, limit) =>
      (await reads.records(book, { kind: 'instructions', where, order: ['createdAt'], after, limit })) as Instruction[],
    cursorOf: (instruction) => [instruction.createdAt, instruction.id],
    view: instructionView,
  })
}

function instructionView(instruction: Instruction): InstructionView {
  const { id, kind, gateway, state, party, escrow, payment, gatewayReference, reason } = instruction
  const { attempts, nextAt, createdAt, changedAt, replacedBy } = instruction
  const amount = fromMinor(instruction.amountMinor, instruction.currency)
  const about = { id, kind, gateway, state, amount, party, escrow, payment, gatewayReference, reason }
  return { ...about, attempts, nextAt, createdAt, changedAt, replacedBy }
}

/** Money on its way to payees. */
export interface Payouts {
  /** `payout_exists`, `amount_off_step`, `below_gateway_minimum`, `insufficient_funds`, and the rules of posting. */
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
      const key = payoutInstructionId(id)
      const instruction = (await context.reads.record(context.book, 'instructions', key)) as Instruction | null
      if (instruction) return instructionView(instruction)
      throw ledgerError('payout_not_found', `There is no payout ${id} in this book. payouts.list shows them.`)
    },
    list: (filter = {}) => listInstructions(context, { ...filter, kind: 'payout' }),
    run: (options) => runPayouts(context, options),
  }
}
