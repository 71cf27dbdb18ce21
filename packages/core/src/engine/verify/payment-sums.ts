import { accountCodes } from '../../accounts/chart.js'

import type { Entry } from '../../journal/entry.js'
import { clawbackEntryKinds } from '../../payments/clawback.js'
import type { Payment } from '../../payments/payment.js'
import { type SuspenseItem, suspenseIdOf } from '../../payments/suspense.js'

/** What a payment's entries come to, in its currency. */
export interface PaymentSums {
  /** The entry that it came in with, where that is among them. */
  first: Entry | undefined
  /** What its first entry gave to an escrow and to suspense. */
  arrivedMinor: bigint
  /** By escrow. */
  readonly allocated: Map<string, bigint>
  /** Instructed to go back, less what failed, and refunded at the gateway by hand. */
  refundedMinor: bigint
  /** Taken by disputes, less what they gave back. */
  chargedBackMinor: bigint
  /** What all its entries left in suspense, for whatever reason. */
  inSuspenseMinor: bigint
}

/** The item that a payment's unallocated money is kept under, if any ever was. */
export function ownItemOf(payment: Payment, items: readonly SuspenseItem[]): SuspenseItem | undefined {
  const id = suspenseIdOf(payment)
  return items.find((item) => item.id === id)
}

export function sumPaymentEntries(
  payment: Payment,
  entries: readonly Entry[],
  items: readonly SuspenseItem[] = [],
): PaymentSums {
  const sums: PaymentSums = {
    first: undefined,
    arrivedMinor: 0n,
    allocated: new Map(),
    refundedMinor: 0n,
    chargedBackMinor: 0n,
    inSuspenseMinor: 0n,
  }
  // What did not fit came in with the first entry; where all of it fitted, that is the one allocation's entry.
  const first = ownItemOf(payment, items)?.entry ?? payment.allocations[0]?.entry
  for (const entry of entries) {
    if (entry.gateway !== payment.gateway || entry.payment !== payment.reference) continue
    const isFirst = entry.id === first
    if (isFirst) sums.first = entry
    addEntry(sums, payment, { entry, isFirst })
  }
  return sums
}

const refunds = clawbackEntryKinds('refund')
const disputes = clawbackEntryKinds('dispute')

function addEntry(
  sums: PaymentSums,
  { gateway, currency }: Payment,
  { entry, isFirst }: { entry: Entry; isFirst: boolean },
): void {
  const suspense = accountCodes.suspense(gateway)
  const inTransit = accountCodes.refundsInTransit(gateway)
  const held = entry.escrow === null ? null : accountCodes.held(entry.escrow)
  const allocates = entry.kind === 'funding' || entry.kind === 'suspense_allocated'
  for (const posting of entry.postings) {
    if (posting.currency !== currency) continue
    const credited = -posting.amount
    if (posting.code === suspense) sums.inSuspenseMinor += credited
    if (allocates && posting.code === held && entry.escrow !== null) {
      sums.allocated.set(entry.escrow, (sums.allocated.get(entry.escrow) ?? 0n) + credited)
    }
    const arrives = posting.code === suspense || posting.code === held
    if (isFirst && arrives && credited > 0n) sums.arrivedMinor += credited
    if (entry.kind === 'refund_instructed' && posting.code === inTransit) sums.refundedMinor += credited
  }
  const size = sizeOf(entry, currency)
  if (entry.kind === refunds.taken) sums.refundedMinor += size
  if (entry.kind === refunds.returned || entry.kind === 'refund_failed') sums.refundedMinor -= size
  if (entry.kind === disputes.taken) sums.chargedBackMinor += size
  if (entry.kind === disputes.returned) sums.chargedBackMinor -= size
}

/** What an entry moves: its lines may have gone to suspense, but never their sum. */
export function sizeOf({ postings }: Entry, currency: string): bigint {
  return postings.reduce(
    (sum, posting) => (posting.currency === currency && posting.amount > 0n ? sum + posting.amount : sum),
    0n,
  )
}
