import { type Escrow, escrows } from '../../escrow/escrow.js'
import { type Payment, paymentKey } from '../../payments/payment.js'
import { createJudge, type Judge } from './deviations.js'
import { entriesOfEscrows } from './escrow-entries.js'
import { sumEntries } from './escrow-sums.js'
import { judgeAmounts, judgeDisputes, judgeFundings, judgeTimes } from './judge-escrow.js'
import { judgeParties } from './judge-parties.js'
import { judgeSteps } from './judge-steps.js'
import { judgeTerms } from './judge-terms.js'
import type { Verification } from './verification.js'
import type { RecordCheck } from './walk-records.js'

/**
 * Escrows against the entries that moved their accounts. Every such entry came with a new revision of the escrow, and
 * so did every allocation of a payment to it.
 */
export const escrowCheck: RecordCheck<Escrow> = {
  kind: escrows,
  counted: 'escrows',
  async judge(verification, page) {
    const entries = await entriesOfEscrows(verification, page)
    const found: Promise<Judge>[] = page.map(async (escrow) => {
      const judge = createJudge({ escrow: escrow.id })
      const sums = sumEntries(escrow, entries.get(escrow.id) ?? [])
      judgeAmounts(escrow, sums, judge)
      judgeDisputes(escrow, sums, judge)
      judgeFundings(escrow, sums, judge)
      judgeParties(escrow, sums, judge)
      judgeTerms(escrow, sums, judge)
      judgeTimes(escrow, sums, judge)
      judgeSteps(escrow, sums, judge)
      await judgeAllocations(verification, escrow, judge)
      return judge
    })
    return (await Promise.all(found)).map((judge) => judge.found)
  },
}

/** What a payment funded, the payment gave to this escrow. */
async function judgeAllocations({ reads, book }: Verification, escrow: Escrow, judge: Judge): Promise<void> {
  const { id, currency } = escrow
  for (const { gateway, reference, amountMinor } of escrow.fundings) {
    if (gateway === null || reference === null) continue
    const payment = (await reads.record(book, 'payments', paymentKey(gateway, reference))) as Payment | null
    const about = { payment: { gateway, reference } }
    if (!payment) {
      judge.finds('payment_missing', `Payment ${reference} of ${gateway} funded escrow ${id}, and is not there.`, about)
      continue
    }
    const allocated = payment.allocations.reduce((sum, each) => (each.escrow === id ? sum + each.amountMinor : sum), 0n)
    const amounts = { expected: amountMinor, actual: allocated, currency, ...about }
    judge.same('payment_allocations_differ', `Allocated to escrow ${id}`, amounts)
  }
}
