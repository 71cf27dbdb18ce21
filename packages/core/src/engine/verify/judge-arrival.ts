import { accountCodes } from '../../accounts/chart.js'
import type { Entry } from '../../journal/entry.js'
import type { Payment } from '../../payments/payment.js'
import type { Judge } from './deviations.js'

/**
 * The line that brought a payment in: on the account that the payment names, or in suspense where that took nothing. An
 * entry that took the payment out of suspense is not the one that brought it in; that one is judged with the item.
 */
export function judgeArrival(payment: Payment, first: Entry | undefined, judge: Judge): void {
  if (!first) return
  const { gateway, account, receivedMinor } = payment
  const debits = first.postings.filter(({ amount }) => amount > 0n)
  if (debits.some(({ code }) => code === accountCodes.suspense(gateway))) return
  const currency = payment.receivedCurrency ?? payment.currency
  const arrived = debits.filter((line) => line.currency === currency)
  if (arrived.some(({ code, amount }) => code === account && (receivedMinor ?? amount) === amount)) return
  judge.finds('payment_account_differs', `Its first entry did not bring it into ${account}.`, {
    entry: first.id,
    expected: arrived.map(({ code }) => code).join(', '),
    actual: account,
  })
}
