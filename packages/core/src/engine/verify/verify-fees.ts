import { accountCodes } from '../../accounts/chart.js'
import type { Entry } from '../../journal/entry.js'
import { type Fee, fees } from '../../payments/fee.js'
import { createJudge, type Judge } from './deviations.js'
import type { RecordCheck } from './walk-records.js'

/** Fees against their entries. Neither ever changes. */
export const feeCheck: RecordCheck<Fee> = {
  kind: fees,
  counted: 'fees',
  async judge({ reads, book }, page) {
    const found = await reads.entries(
      book,
      page.map(({ entry }) => entry),
    )
    const entries = new Map(found.map((entry) => [entry.id, entry]))
    return page.map((fee) => {
      const { gateway, id, reference } = fee
      const judge = createJudge({ fee: { gateway, id }, payment: { gateway, reference } })
      judgeFee(fee, entries.get(fee.entry), judge)
      return judge.found
    })
  },
}

function judgeFee(fee: Fee, entry: Entry | undefined, judge: Judge): void {
  const { gateway, reference, currency, feeMinor, taxMinor } = fee
  // A fee is of a payment or of an instruction, and its entry names one of them.
  const subject = entry?.payment ?? entry?.instruction
  if (entry?.kind !== 'fee' || entry.gateway !== gateway || subject !== reference) {
    judge.finds('fee_differs', `Entry ${fee.entry} is not there, or is not of this fee.`, { entry: fee.entry })
    return
  }
  let debits = 0n
  let tax = 0n
  for (const posting of entry.postings) {
    if (posting.currency !== currency || posting.amount < 0n) continue
    debits += posting.amount
    if (posting.code === accountCodes.gatewayFeeTax(gateway)) tax += posting.amount
  }
  const about = { currency, entry: entry.id }
  judge.same('fee_differs', 'The fee, tax included', { ...about, expected: debits, actual: feeMinor })
  // Where the account of taxes took nothing any more, its line went to suspense.
  const suspended = entry.postings.some(({ code }) => code === accountCodes.suspense(gateway))
  if (!suspended) judge.same('fee_differs', 'The tax in the fee', { ...about, expected: tax, actual: taxMinor })
}
