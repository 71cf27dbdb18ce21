import { z } from 'zod'
import { type ClawbackAnswer, recordClawbackCommand } from '../escrow/record-clawback.js'
import { type ClawbackKind, clawbackKinds } from '../gateways/clawback.js'
import type { InstantInput } from '../journal/instant.js'
import { idSchema, nameSchema } from '../journal/schema.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import { type Clawback, type ClawbackState, clawbackKey, clawbackStates } from '../payments/clawback.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { readerOf, whereOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** What a gateway took back out of a payment without our asking: a refund made there by hand, or a dispute. */
export interface ClawbackView {
  readonly kind: ClawbackKind
  readonly gateway: string
  /** What the gateway calls it. */
  readonly reference: string
  /** The reference of the payment. */
  readonly payment: string
  /** What it has taken so far, less what it has given back. */
  readonly taken: Money
  /** Open: the gateway may still take or give back more. */
  readonly state: ClawbackState
  /** The escrow that a refund was taken from; null where none holds its money. */
  readonly escrow: string | null
  /** Its item in suspense, open or resolved; null where it never had one. */
  readonly suspense: string | null
  readonly recordedAt: number
}

export interface Clawbacks {
  /**
   * A refund was made at a gateway by hand, or a dispute took or gave back money. A fact, for gateways whose adapter does
   * not tell it by itself. The same fact again is answered with what it made. `payment_not_found`, `payment_mismatch`.
   */
  record(
    input: {
      readonly kind: ClawbackKind
      readonly gateway: string
      readonly reference: string
      /** The reference of the payment. */
      readonly payment: string
      /** What it has taken in all so far, less what it has given back: zero once a dispute was won. */
      readonly taken: MoneyInput
      /** Whether that is the last word, which it is unless it is said otherwise. */
      readonly final?: boolean | undefined
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<Omit<ClawbackAnswer, 'overtaken'>>>
  /** In the order in which they were recorded. */
  list(filter?: {
    readonly kind?: ClawbackKind | undefined
    readonly gateway?: string | undefined
    readonly payment?: string | undefined
    readonly state?: ClawbackState | undefined
  }): Listing<ClawbackView>
}

const readFilter = readerOf({
  kind: z.enum(clawbackKinds).optional(),
  gateway: nameSchema.optional(),
  payment: idSchema.optional(),
  state: z.enum(clawbackStates).optional(),
})

export function createClawbacks(context: BookContext): Clawbacks {
  const { reads, book } = context
  return {
    async record(input, options) {
      const { overtaken: _, ...answer } = answerOf(await context.run(recordClawbackCommand, input, options))
      return answer
    },
    list(filter) {
      const where = whereOf(readFilter(filter))
      return createListing<Clawback, ClawbackView>({
        fetch: async (after, limit) =>
          (await reads.records(book, { kind: 'clawbacks', where, order: ['recordedAt'], after, limit })) as Clawback[],
        cursorOf: (clawback) => [clawback.recordedAt, clawbackKey(clawback)],
        cursor: z.tuple([cursorParts.integer, cursorParts.text]),
        view: clawbackView,
      })
    },
  }
}

function clawbackView({ currency, takenMinor, ...clawback }: Clawback): ClawbackView {
  const { kind, gateway, reference, payment, state, escrow, suspense, recordedAt } = clawback
  const taken = fromMinor(takenMinor, currency)
  return { kind, gateway, reference, payment, taken, state, escrow, suspense, recordedAt }
}
