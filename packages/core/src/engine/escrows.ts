import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { EscrowAnswer } from '../escrow/answer.js'
import { cancelEscrowCommand } from '../escrow/cancel-escrow.js'
import { completeEscrowCommand } from '../escrow/complete-escrow.js'
import { deliverEscrowCommand } from '../escrow/deliver-escrow.js'
import { disputeEscrowCommand } from '../escrow/dispute-escrow.js'
import type { Escrow } from '../escrow/escrow.js'
import type { FundAnswer } from '../escrow/fund-answer.js'
import { fundEscrowCommand } from '../escrow/fund-escrow.js'
import { fundFromCreditCommand } from '../escrow/fund-from-credit.js'
import { dueAt, type EscrowStatus, escrowStatuses, statusOf } from '../escrow/life.js'
import { measureEscrowCommand } from '../escrow/measure-escrow.js'
import { openEscrowCommand } from '../escrow/open-escrow.js'
import type { TermsInput } from '../escrow/parse-terms.js'
import { refundEscrowCommand } from '../escrow/refund-escrow.js'
import { resolveDisputeCommand } from '../escrow/resolve-dispute.js'
import { type SettleAnswer, settleEscrowCommand } from '../escrow/settle-escrow.js'
import type { InstantInput } from '../journal/instant.js'
import { idSchema, parserOf } from '../journal/schema.js'
import type { MoneyInput } from '../money/index.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { type EntryView, entryView } from './entry-view.js'
import { type EscrowView, escrowView } from './escrow-view.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { readerOf, whereOf } from './read-options.js'
import type { CallOptions } from './request.js'
import { type TimelineStep, timeline } from './timeline.js'

interface At {
  /** When it happened; now, unless it is given. */
  readonly at?: InstantInput | undefined
}

interface Of extends At {
  readonly id: string
}

export interface OpenInput extends Of {
  readonly payer: string
  /** The ids behind the party names of the terms, `platform` excepted. */
  readonly parties?: Readonly<Record<string, string>> | undefined
  readonly amount: MoneyInput
  readonly terms: TermsInput
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export interface FundByPayment extends Of {
  /** What this escrow gets of the payment. */
  readonly amount: MoneyInput
  readonly gateway: string
  /** The gateway's own id of the payment. */
  readonly reference: string
  /** The whole payment, where it is for more than this escrow. */
  readonly paymentAmount?: MoneyInput | undefined
  /** What arrived, where that is in another currency than was paid. */
  readonly received?: MoneyInput | undefined
  readonly fee?:
    | { readonly fee: MoneyInput; readonly tax?: MoneyInput | undefined; readonly id?: string | undefined }
    | undefined
}

export interface FundFromCredit extends Of {
  readonly amount: MoneyInput
  /** The account that the credit is taken from, and goes back to. */
  readonly from: string
}

type Measures = Readonly<Record<string, number | string>>
type Reply = Promise<Answer<EscrowAnswer>>

/** The life of a deal's money. What each command refuses stands in `docs/commands.md`. */
export interface Escrows {
  open(input: OpenInput, options?: CallOptions): Reply
  /** Money that arrived (a fact), or credit that the payer has (a request). */
  fund(input: FundByPayment | FundFromCredit, options?: CallOptions): Promise<Answer<FundAnswer>>
  deliver(input: Of, options?: CallOptions): Reply
  measure(input: Of & { readonly measures: Measures }, options?: CallOptions): Reply
  complete(input: Of & { readonly measures?: Measures | undefined }, options?: CallOptions): Reply
  settle(
    input: Of & { readonly early?: { readonly reason: string; readonly amount?: MoneyInput | undefined } | undefined },
    options?: CallOptions,
  ): Promise<Answer<SettleAnswer>>
  cancel(input: Of & { readonly reason?: string | undefined }, options?: CallOptions): Reply
  refund(
    input: Of & {
      readonly amount?: MoneyInput | undefined
      readonly payment?: { readonly gateway: string; readonly reference: string } | undefined
      readonly reason?: string | undefined
    },
    options?: CallOptions,
  ): Reply
  dispute(
    input: Of & {
      readonly dispute?: string | undefined
      readonly amount?: MoneyInput | undefined
      readonly reason?: string | undefined
    },
    options?: CallOptions,
  ): Reply
  resolve(
    input: Of & {
      readonly dispute?: string | undefined
      readonly outcome: 'payer' | 'payee' | { readonly payer: MoneyInput }
    },
    options?: CallOptions,
  ): Reply
  /**
   * The entries that settling would post, at the time it falls due or now, without posting them. Where it falls due at no
   * time yet it is as if it were settled early, for the reason `preview`.
   */
  preview(id: string): Promise<{ readonly entries: readonly EntryView[]; readonly after: SettleAnswer }>
  /** Throws `escrow_not_found`. */
  get(id: string): Promise<EscrowView>
  list(filter?: {
    readonly status?: EscrowStatus | undefined
    readonly payer?: string | undefined
  }): Listing<EscrowView>
  /**
   * The deal's story in order: commands, actors, times and their entries; all of it, or what comes after a step's
   * `sequence`. Throws `escrow_not_found`.
   */
  timeline(id: string, options?: { readonly after?: number | undefined }): AsyncIterable<TimelineStep>
}

const readFilter = readerOf({ status: z.enum(escrowStatuses).optional(), payer: idSchema.optional() })
const readTimelineOptions = readerOf({ after: z.int().min(0).optional() })

function isFromCredit(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'from' in input && input.from !== undefined
}

/** Without what is undefined, which counts as left out: a field of the other way to fund would be refused. */
function given(input: unknown): unknown {
  return typeof input === 'object' && input !== null ? whereOf(input) : input
}

export function createEscrows(context: BookContext): Escrows {
  const { reads, book } = context

  async function require(id: string): Promise<Escrow> {
    const escrow = (await reads.record(book, 'escrows', parserOf(idSchema)(id))) as Escrow | null
    if (escrow) return escrow
    throw ledgerError('escrow_not_found', `There is no escrow ${id} in this book. escrows.list shows them.`)
  }

  return {
    open: async (input, options) => answerOf(await context.run(openEscrowCommand, input, options)),
    fund: async (input, options) =>
      answerOf(
        isFromCredit(input)
          ? await context.run(fundFromCreditCommand, given(input), options)
          : await context.run(fundEscrowCommand, given(input), options),
      ),
    deliver: async (input, options) => answerOf(await context.run(deliverEscrowCommand, input, options)),
    measure: async (input, options) => answerOf(await context.run(measureEscrowCommand, input, options)),
    complete: async (input, options) => answerOf(await context.run(completeEscrowCommand, input, options)),
    settle: async (input, options) => answerOf(await context.run(settleEscrowCommand, input, options)),
    cancel: async (input, options) => answerOf(await context.run(cancelEscrowCommand, input, options)),
    refund: async (input, options) => answerOf(await context.run(refundEscrowCommand, input, options)),
    dispute: async (input, options) => answerOf(await context.run(disputeEscrowCommand, input, options)),
    resolve: async (input, options) => answerOf(await context.run(resolveDisputeCommand, input, options)),
    async preview(id) {
      const due = dueAt(await require(id))
      const now = context.runtime.now()
      const input = due === null ? { id, early: { reason: 'preview' } } : { id }
      const { entries, result } = await context.preview(settleEscrowCommand, input, Math.max(now, due ?? now))
      return { entries: entries.map(entryView), after: result }
    },
    get: async (id) => escrowView(await require(id)),
    list(filter) {
      const { status, ...rest } = readFilter(filter)
      return createListing<Escrow, EscrowView>({
        fetch: async (after, limit) => {
          const query = { kind: 'escrows', where: whereOf(rest), order: [], after, limit } as const
          return (await reads.records(book, query)) as Escrow[]
        },
        cursorOf: (escrow) => [escrow.id],
        cursor: z.tuple([cursorParts.text]),
        view: (escrow) => (status === undefined || statusOf(escrow) === status ? escrowView(escrow) : null),
      })
    },
    async *timeline(id, options) {
      const { after } = readTimelineOptions(options)
      await require(id)
      yield* timeline(context, id, after)
    },
  }
}
