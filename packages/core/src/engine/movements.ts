import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { InstantInput } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import { failSettlementCommand } from '../reconciliation/fail-settlement.js'
import {
  type Movement,
  type MovementKind,
  type MovementState,
  movementKey,
  movementKinds,
  movementStates,
} from '../reconciliation/movement.js'
import type { MovementAnswer } from '../reconciliation/movement-answer.js'
import { recordCreditCommand } from '../reconciliation/record-credit.js'
import { recordSettlementCommand } from '../reconciliation/record-settlement.js'
import { recordTopUpCommand } from '../reconciliation/record-top-up.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { readerOf, whereOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** Money of our own between a gateway and a bank. */
export interface MovementView {
  readonly kind: MovementKind
  readonly gateway: string
  /** What the gateway calls it; of a credit the bank's reference (UTR). */
  readonly reference: string
  readonly bank: string | null
  /** Of a settlement the UTR of its credit, of a credit its settlement. */
  readonly matches: string | null
  readonly amount: Money
  /** What the gateway took on top, tax included. */
  readonly fee: Money
  readonly tax: Money
  readonly state: MovementState
  /** The entry that it made; null for a credit that the bank has not shown yet. */
  readonly entry: string | null
  readonly recordedAt: number
}

/**
 * Facts about money between gateways and banks, refused only where they contradict what is known of the same reference
 * (`movement_mismatch`). The same fact again is answered with what it made, under any key.
 */
export interface Movements {
  /** A gateway has sent money from its balance to our bank. */
  settled(
    input: {
      readonly gateway: string
      /** What the gateway calls it. */
      readonly reference: string
      readonly amount: MoneyInput
      /** The bank's reference, by which its statement will show it. It may be told later, by the same call again. */
      readonly utr?: string | undefined
      /** What the gateway took on top of the amount, tax included. */
      readonly fee?: MoneyInput | undefined
      /** What of the fee is recoverable tax. */
      readonly tax?: MoneyInput | undefined
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<MovementAnswer>>
  /** A bank's statement shows money from a gateway. What no settlement explains is in suspense, and told as `excess`. */
  credited(
    input: {
      readonly bank: string
      readonly utr: string
      readonly gateway: string
      readonly amount: MoneyInput
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<MovementAnswer>>
  /** Money went from our bank to the balance that payouts leave from. */
  toppedUp(
    input: {
      readonly gateway: string
      readonly bank: string
      readonly reference: string
      readonly amount: MoneyInput
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<MovementAnswer>>
  /** A settlement did not reach our bank, or was returned by it. `movement_not_found`. */
  settlementFailed(
    input: {
      readonly gateway: string
      readonly reference: string
      readonly reason: string
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<MovementAnswer>>
  /** Throws `movement_not_found`. */
  get(ref: { readonly kind: MovementKind; readonly gateway: string; readonly reference: string }): Promise<MovementView>
  list(filter?: {
    readonly kind?: MovementKind | undefined
    readonly gateway?: string | undefined
    readonly state?: MovementState | undefined
  }): Listing<MovementView>
}

const refSchema = z.object({ kind: z.enum(movementKinds), gateway: nameSchema, reference: idSchema })

const readFilter = readerOf({
  kind: z.enum(movementKinds).optional(),
  gateway: nameSchema.optional(),
  state: z.enum(movementStates).optional(),
})

export function createMovements(context: BookContext): Movements {
  const { reads, book } = context
  return {
    settled: async (input, options) => answerOf(await context.run(recordSettlementCommand, input, options)),
    credited: async (input, options) => answerOf(await context.run(recordCreditCommand, input, options)),
    toppedUp: async (input, options) => answerOf(await context.run(recordTopUpCommand, input, options)),
    settlementFailed: async (input, options) => answerOf(await context.run(failSettlementCommand, input, options)),
    async get(ref) {
      const { kind, gateway, reference } = parserOf(refSchema)(ref)
      const movement = (await reads.record(book, 'movements', movementKey(kind, gateway, reference))) as Movement | null
      if (movement) return movementView(movement)
      throw ledgerError(
        'movement_not_found',
        `There is no ${kind} ${reference} of ${gateway} in this book. movements.list shows them.`,
      )
    },
    list(filter) {
      const where = whereOf(readFilter(filter))
      return createListing<Movement, MovementView>({
        fetch: async (after, limit) =>
          (await reads.records(book, { kind: 'movements', where, order: ['recordedAt'], after, limit })) as Movement[],
        cursorOf: ({ recordedAt, kind, gateway, reference }) => [recordedAt, movementKey(kind, gateway, reference)],
        cursor: z.tuple([cursorParts.integer, cursorParts.text]),
        view: movementView,
      })
    },
  }
}

function movementView(movement: Movement): MovementView {
  const { kind, gateway, reference, bank, matches, currency, state, entry, recordedAt } = movement
  const amount = fromMinor(movement.amountMinor, currency)
  const fee = fromMinor(movement.feeMinor, currency)
  const tax = fromMinor(movement.taxMinor, currency)
  return { kind, gateway, reference, bank, matches, amount, fee, tax, state, entry, recordedAt }
}
