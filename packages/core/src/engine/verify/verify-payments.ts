import { accountCodes } from '../../accounts/chart.js'
import type { Entry } from '../../journal/entry.js'
import { type Payment, payments } from '../../payments/payment.js'
import type { SuspenseItem } from '../../payments/suspense.js'
import { createJudge, type Judge } from './deviations.js'
import { judgeArrival } from './judge-arrival.js'
import { ownItemOf, sumPaymentEntries } from './payment-sums.js'
import type { Verification } from './verification.js'
import type { RecordCheck } from './walk-records.js'

/**
 * Payments against their entries. Most payments went whole to one escrow: their one entry says all there is to say, and
 * such entries are read in bulk. That nothing else happened to such a payment shows elsewhere: a refund is an
 * instruction, or a clawback like a dispute, and these look at their payment (`verify-instructions.ts`,
 * `verify-clawbacks.ts`), an amount in suspense is an item, which does the
 * same (`verify-suspense.ts`), and escrows look at the payments that funded them (`verify-escrows.ts`).
 */
export const paymentCheck: RecordCheck<Payment> = {
  kind: payments,
  counted: 'payments',
  async judge(verification, page) {
    const ids = page.flatMap((payment) => (isPlain(payment) ? payment.allocations.map(({ entry }) => entry) : []))
    const entries = new Map((await verification.reads.entries(verification.book, ids)).map((each) => [each.id, each]))
    const found: Promise<Judge>[] = page.map(async (payment) => {
      const { gateway, reference } = payment
      const judge = createJudge({ payment: { gateway, reference } })
      judgePayment(payment, judge)
      if (isPlain(payment)) judgePlain(payment, entries.get(payment.allocations[0]?.entry ?? ''), judge)
      else await judgeByEntries(verification, payment, judge)
      return judge
    })
    return (await Promise.all(found)).map((judge) => judge.found)
  },
  // A fee or an outcome can leave something in suspense without a new revision of its payment.
  async stamp(verification, payment) {
    const items = await itemsOf(verification, payment)
    return items.map(({ id, revision }) => `${id} ${revision}`).join(', ')
  },
}

/** Whether all of a payment went to one escrow, by one call, and none of it went anywhere else. */
export function isPlain({ amountMinor, allocatedMinor, refundedMinor, ...payment }: Payment): boolean {
  const [only, ...others] = payment.allocations
  return (
    only?.amountMinor === amountMinor &&
    only.statedMinor === amountMinor &&
    only.excessMinor === 0n &&
    others.length === 0 &&
    allocatedMinor === amountMinor &&
    refundedMinor === 0n &&
    payment.chargedBackMinor === 0n &&
    payment.suspenseMinor === 0n
  )
}

function judgePayment(payment: Payment, judge: Judge): void {
  const { currency, allocatedMinor, refundedMinor, chargedBackMinor, allocations } = payment
  judge.same('payment_allocations_differ', 'Allocated in all', {
    expected: allocations.reduce((sum, each) => sum + each.amountMinor, 0n),
    actual: allocatedMinor,
    currency,
  })
  // More than the payment is for can go back only by what happened at the gateway.
  if (refundedMinor < 0n || chargedBackMinor < 0n) {
    judge.finds('payment_refunds_differ', 'Less than nothing went back.')
  }
}

function judgePlain(payment: Payment, entry: Entry | undefined, judge: Judge): void {
  const { currency, amountMinor } = payment
  const sums = sumPaymentEntries(payment, entry ? [entry] : [])
  const escrow = payment.allocations[0]?.escrow ?? ''
  judge.same('payment_amount_differs', 'The payment', { expected: sums.arrivedMinor, actual: amountMinor, currency })
  judgeArrival(payment, sums.first, judge)
  const allocated = { expected: sums.allocated.get(escrow) ?? 0n, actual: payment.allocatedMinor, currency }
  judge.same('payment_allocations_differ', `Allocated to escrow ${escrow}`, allocated)
}

/** Judges a payment by all entries that name it. */
export async function judgeByEntries(verification: Verification, payment: Payment, judge: Judge): Promise<void> {
  const { currency, amountMinor, allocations, refundedMinor, suspenseMinor } = payment
  const entries = await entriesOfPayment(verification, payment)
  // An item without a line on the account of suspense is found with the items (`verify-suspense.ts`).
  const suspended = suspenseMinor !== 0n || entries.some((entry) => movesSuspense(entry, payment))
  const items = suspended ? await itemsOf(verification, payment) : []
  const sums = sumPaymentEntries(payment, entries, items)
  judge.same('payment_amount_differs', 'The payment', { expected: sums.arrivedMinor, actual: amountMinor, currency })
  judgeArrival(payment, sums.first, judge)
  const escrows = new Set([...sums.allocated.keys(), ...allocations.map(({ escrow }) => escrow)])
  for (const escrow of escrows) {
    const actual = allocations.reduce((sum, each) => (each.escrow === escrow ? sum + each.amountMinor : sum), 0n)
    const expected = sums.allocated.get(escrow) ?? 0n
    judge.same('payment_allocations_differ', `Allocated to escrow ${escrow}`, { expected, actual, currency })
  }
  judge.same('payment_refunds_differ', 'Refunded', { expected: sums.refundedMinor, actual: refundedMinor, currency })
  const chargedBack = { expected: sums.chargedBackMinor, actual: payment.chargedBackMinor, currency }
  judge.same('payment_refunds_differ', 'Charged back', chargedBack)
  const remaining = ownItemOf(payment, items)?.remainingMinor ?? 0n
  judge.same('payment_suspense_differs', 'In suspense, against its item', {
    expected: remaining,
    actual: suspenseMinor,
    currency,
  })
  const inSuspense = items.reduce((sum, item) => (item.currency === currency ? sum + item.remainingMinor : sum), 0n)
  judge.same('payment_suspense_differs', 'In suspense by all its items, against its entries', {
    expected: sums.inSuspenseMinor,
    actual: inSuspense,
    currency,
  })
}

function movesSuspense({ postings }: Entry, { gateway }: Payment): boolean {
  const suspense = accountCodes.suspense(gateway)
  return postings.some(({ code }) => code === suspense)
}

/** What belongs to one payment is few, and is best read in one go. */
const MOST = 500

export async function entriesOfPayment(
  { reads, book }: Verification,
  payment: Pick<Payment, 'gateway' | 'reference'>,
): Promise<Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const page = await reads.entryPage(book, { after: entries.at(-1) ?? null, limit: MOST, payment })
    entries.push(...page)
    if (page.length < MOST) return entries
  }
}

async function itemsOf({ reads, book }: Verification, { gateway, reference }: Payment): Promise<SuspenseItem[]> {
  const items: SuspenseItem[] = []
  for (;;) {
    const last = items.at(-1)
    const after = last ? [last.id] : null
    const query = { kind: 'suspense', where: { gateway, reference }, order: [], after, limit: MOST } as const
    const page = (await reads.records(book, query)) as unknown as SuspenseItem[]
    items.push(...page)
    if (page.length < MOST) return items
  }
}
