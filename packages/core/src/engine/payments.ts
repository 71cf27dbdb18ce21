import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { chargePaymentFeeCommand } from '../escrow/charge-payment-fee.js'
import { resolveSuspenseCommand, type SuspenseAnswer } from '../escrow/resolve-suspense.js'
import type { InstantInput } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import type { Fee } from '../payments/fee.js'
import { type Payment, paymentKey } from '../payments/payment.js'
import type { SuspenseItem, SuspenseReason } from '../payments/suspense.js'
import type { Reads } from '../storage/index.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { readerOf, whereOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** Money that a gateway or bank said arrived. */
export interface PaymentView {
  readonly gateway: string
  readonly reference: string
  readonly amount: Money
  /** What arrived, where that is another currency. */
  readonly received: Money | null
  /** The account that it arrived in. */
  readonly account: string
  readonly allocated: Money
  readonly refunded: Money
  readonly chargedBack: Money
  readonly inSuspense: Money
  readonly allocations: readonly { readonly escrow: string; readonly amount: Money; readonly entry: string }[]
  readonly capturedAt: number
  readonly recordedAt: number
}

export interface FeeView {
  readonly id: string
  /** The whole fee, tax included. */
  readonly fee: Money
  readonly tax: Money
  readonly entry: string
}

export interface Payments {
  /** The payment with its fees. Throws `payment_not_found`. */
  get(ref: {
    readonly gateway: string
    readonly reference: string
  }): Promise<PaymentView & { readonly fees: readonly FeeView[] }>
  list(filter?: { readonly gateway?: string | undefined }): Listing<PaymentView>
  /** A gateway's fee, once per fee id (default: the payment's reference). A fact. `fee_mismatch`. */
  fee(
    input: {
      readonly gateway: string
      readonly reference: string
      /** The whole fee, tax included. */
      readonly fee: MoneyInput
      /** What of it is recoverable tax. */
      readonly tax?: MoneyInput | undefined
      readonly id?: string | undefined
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<{ readonly fee: Money; readonly tax: Money }>>
}

const readPaymentFilter = readerOf({ gateway: nameSchema.optional() })
const refSchema = z.object({ gateway: nameSchema, reference: idSchema })

export function createPayments(context: BookContext): Payments {
  const { reads, book } = context
  return {
    async get(payment) {
      const { gateway, reference } = parserOf(refSchema)(payment)
      const key = paymentKey(gateway, reference)
      const known = (await reads.record(book, 'payments', key)) as Payment | null
      if (known) return { ...paymentView(known), fees: await feesOf(reads, book, { gateway, reference }) }
      throw ledgerError(
        'payment_not_found',
        `There is no payment ${reference} of ${gateway} in this book. payments.list shows them.`,
      )
    },
    list(filter) {
      const where = whereOf(readPaymentFilter(filter))
      return createListing<Payment, PaymentView>({
        fetch: async (after, limit) => {
          const query = { kind: 'payments', where, order: ['recordedAt'], after, limit } as const
          return (await reads.records(book, query)) as Payment[]
        },
        cursorOf: (payment) => [payment.recordedAt, paymentKey(payment.gateway, payment.reference)],
        cursor: z.tuple([cursorParts.integer, cursorParts.text]),
        view: paymentView,
      })
    },
    fee: async (input, options) => answerOf(await context.run(chargePaymentFeeCommand, input, options)),
  }
}

const MAX_FEES = 1_000

async function feesOf(reads: Reads, book: string, where: { gateway: string; reference: string }): Promise<FeeView[]> {
  const fees = await reads.records(book, { kind: 'fees', where, order: [], after: null, limit: MAX_FEES })
  return (fees as Fee[]).map(({ id, currency, feeMinor, taxMinor, entry }) => ({
    id,
    fee: fromMinor(feeMinor, currency),
    tax: fromMinor(taxMinor, currency),
    entry,
  }))
}

function paymentView(payment: Payment): PaymentView {
  const { gateway, reference, currency, account, receivedCurrency, receivedMinor, capturedAt, recordedAt } = payment
  const amount = (minor: bigint) => fromMinor(minor, currency)
  return {
    gateway,
    reference,
    amount: amount(payment.amountMinor),
    received: receivedCurrency === null ? null : fromMinor(receivedMinor ?? 0n, receivedCurrency),
    account,
    allocated: amount(payment.allocatedMinor),
    refunded: amount(payment.refundedMinor),
    chargedBack: amount(payment.chargedBackMinor),
    inSuspense: amount(payment.suspenseMinor),
    allocations: payment.allocations.map(({ escrow, amountMinor, entry }) => ({
      escrow,
      amount: amount(amountMinor),
      entry,
    })),
    capturedAt,
    recordedAt,
  }
}

/** Money of which a fact says that it moved, and that no rule could place. */
export interface SuspenseView {
  readonly id: string
  readonly gateway: string
  readonly reference: string | null
  readonly escrow: string | null
  /** As suspended; below zero where it is missing rather than too much. */
  readonly amount: Money
  readonly remaining: Money
  readonly reason: SuspenseReason
  readonly state: 'open' | 'resolved'
  readonly entry: string
  readonly recordedAt: number
}

export interface Suspense {
  /** Open items, unless another state is asked for, in the order in which they were recorded. */
  list(filter?: {
    readonly gateway?: string | undefined
    readonly state?: 'open' | 'resolved' | undefined
  }): Listing<SuspenseView>
  /** Allocates an amount (default: all that remains) to an escrow, refunds it to a payer, or writes it off. */
  resolve(
    input: {
      readonly id: string
      readonly amount?: MoneyInput | undefined
      readonly allocate?: { readonly escrow: string } | undefined
      readonly refund?: { readonly payer: string } | undefined
      readonly writeOff?: { readonly reason: string } | undefined
      readonly at?: InstantInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<SuspenseAnswer>>
}

const readSuspenseFilter = readerOf({ gateway: nameSchema.optional(), state: z.enum(['open', 'resolved']).optional() })

export function createSuspense(context: BookContext): Suspense {
  const { reads, book } = context
  return {
    list(filter) {
      const { state = 'open', ...rest } = readSuspenseFilter(filter)
      const where = { state, ...whereOf(rest) }
      return createListing<SuspenseItem, SuspenseView>({
        fetch: async (after, limit) => {
          const query = { kind: 'suspense', where, order: ['recordedAt'], after, limit } as const
          return (await reads.records(book, query)) as SuspenseItem[]
        },
        cursorOf: (item) => [item.recordedAt, item.id],
        cursor: z.tuple([cursorParts.integer, cursorParts.text]),
        view: suspenseView,
      })
    },
    resolve: async (input, options) => answerOf(await context.run(resolveSuspenseCommand, input, options)),
  }
}

function suspenseView({ currency, amountMinor, remainingMinor, ...item }: SuspenseItem): SuspenseView {
  const { id, gateway, reference, escrow, reason, state, entry, recordedAt } = item
  const amount = fromMinor(amountMinor, currency)
  const remaining = fromMinor(remainingMinor, currency)
  return { id, gateway, reference, escrow, amount, remaining, reason, state, entry, recordedAt }
}
