import type { Entry } from '../../journal/entry.js'
import { type Clawback, clawbackEntryKinds, clawbacks } from '../../payments/clawback.js'
import { type Payment, paymentKey } from '../../payments/payment.js'
import { createJudge, type Judge } from './deviations.js'
import { sizeOf } from './payment-sums.js'
import type { Verification } from './verification.js'
import { entriesOfPayment, isPlain, judgeByEntries } from './verify-payments.js'
import type { RecordCheck } from './walk-records.js'

/** Clawbacks against their entries, and the payments that they took from, which may look as if nothing had happened to them. */
export const clawbackCheck: RecordCheck<Clawback> = {
  kind: clawbacks,
  counted: 'clawbacks',
  async judge(verification, page) {
    const judged = page.map(async (clawback) => {
      const { kind, gateway, reference, payment } = clawback
      const judge = createJudge({ clawback: { kind, gateway, reference }, payment: { gateway, reference: payment } })
      const found = await paymentOf(verification, clawback)
      if (!found) judge.finds('payment_missing', `Payment ${payment} of ${gateway} was taken from, and is not there.`)
      judgeTaken(clawback, await entriesOfPayment(verification, { gateway, reference: payment }), judge)
      await judgeItem(verification, clawback, judge)
      if (found && isPlain(found)) await judgeByEntries(verification, found, judge)
      return judge.found
    })
    return await Promise.all(judged)
  },
  async stamp(verification, clawback) {
    return `${(await paymentOf(verification, clawback))?.revision}`
  },
}

async function paymentOf({ reads, book }: Verification, { gateway, payment }: Clawback): Promise<Payment | null> {
  return (await reads.record(book, 'payments', paymentKey(gateway, payment))) as Payment | null
}

/** What it has missing in suspense is an item, however little of it is left. */
async function judgeItem({ reads, book }: Verification, { suspense }: Clawback, judge: Judge): Promise<void> {
  if (suspense === null || (await reads.record(book, 'suspense', suspense))) return
  judge.finds('clawback_differs', `Its item ${suspense} is not in suspense.`, { suspense })
}

function judgeTaken(clawback: Clawback, entries: readonly Entry[], judge: Judge): void {
  const { kind, reference, currency, takenMinor, lastEntry } = clawback
  const { taken, returned } = clawbackEntryKinds(kind)
  const own = entries.filter((entry) => entry.reference === reference && [taken, returned].includes(entry.kind))
  const expected = own.reduce((sum, entry) => {
    const size = sizeOf(entry, currency)
    return entry.kind === taken ? sum + size : sum - size
  }, 0n)
  judge.same('clawback_differs', 'What was taken', { expected, actual: takenMinor, currency })
  if (lastEntry === null ? own.length === 0 : own.some(({ id }) => id === lastEntry)) return
  const differ = { expected: own.at(-1)?.id ?? 'none', actual: lastEntry ?? 'none' }
  judge.finds('clawback_differs', 'Its last entry is not one of its own.', differ)
}
