import { z } from 'zod'
import { invariant } from '../errors/index.js'
import type { Escrow } from '../escrow/escrow.js'
import { type Money, sumFromMinor } from '../money/index.js'
import type { BookContext } from './context.js'
import { type EscrowView, escrowView } from './escrow-view.js'
import { createListing, cursorParts, type Listing } from './listing.js'

/** What is due in one currency. */
export interface DueTotals {
  readonly currency: string
  readonly count: number
  readonly amount: Money
}

/** An escrow that holds something which is due. `failedAttempt` tells of a run that was refused, and when it is tried again. */
export interface DueEscrow extends EscrowView {
  /** Since when. Of a delivered escrow that no run has completed yet, it follows from the end of its inspection. */
  readonly dueAt: number
}

export interface DueSettlements {
  readonly totals: readonly DueTotals[]
  /** In the order in which they fell due, then of ids. */
  readonly escrows: Listing<DueEscrow>
}

/** The escrows that hold something which is due at a time, whatever became of earlier attempts to release it. */
export async function dueSettlements({ reads, book }: BookContext, asOf: number): Promise<DueSettlements> {
  const query = { kind: 'escrows', atMost: { field: 'fallsDueAt', value: asOf } } as const
  const sums = await reads.sum(book, query, 'heldMinor')
  return {
    totals: sums.map(({ currency, sum, count }) => ({ currency, count, amount: sumFromMinor(sum, currency) })),
    escrows: createListing<Escrow, DueEscrow>({
      fetch: async (after, limit) =>
        (await reads.records(book, { ...query, order: ['fallsDueAt'], after, limit })) as Escrow[],
      cursorOf: ({ fallsDueAt, id }) => [fallsDueAt, id],
      cursor: z.tuple([cursorParts.integer, cursorParts.text]),
      view: dueView,
    }),
  }
}

function dueView(escrow: Escrow): DueEscrow {
  const dueAt = escrow.fallsDueAt
  invariant(dueAt !== null, 'what is listed as due has fallen due')
  return { ...escrowView(escrow), dueAt }
}
