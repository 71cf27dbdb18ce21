import { accountCodes } from '../../accounts/chart.js'
import type { Entry } from '../../journal/entry.js'
import type { Payment } from '../../payments/payment.js'
import type { Judge } from './deviations.js'

/** The line that brought a payment in: on the account that the payment names, or in suspense where that took nothing. */
export function judgeArrival(payment: Payment, first: Entry | undefined, judge: Judge): void {
  if (!first) return
  const { gateway, account, receivedMinor } = payment
  const currency = payment.receivedCurrency ?? payment.currency
  const places = [account, accountCodes.suspense(gateway)]
  const arrived = first.postings.filter((line) => line.currency === currency && line.amount > 0n)
  const fits = ({ amount }: { amount: bigint }) => receivedMinor === null || amount === receivedMinor
  if (arrived.some((line) => places.includes(line.code) && fits(line))) return
  judge.finds('payment_account_differs', `Its first entry did not bring it into ${account}.`, {
    entry: first.id,
    expected: arrived.map(({ code }) => code).join(', '),
    actual: account,
  })
}
