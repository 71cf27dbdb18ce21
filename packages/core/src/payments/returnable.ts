import { ledgerError } from '../errors/index.js'
import type { View } from '../journal/draft.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { paymentKey, payments } from './payment.js'

/**
 * Throws `refund_exceeds_payment` where a payment cannot give that much back any more: what was refunded at the gateway by
 * hand, or charged back, is with the payer already.
 */
export function checkReturnable(
  view: Pick<View, 'get'>,
  { gateway, reference, amount }: { readonly gateway: string; readonly reference: string; readonly amount: Money },
): void {
  const payment = view.get(payments, paymentKey(gateway, reference))
  if (!payment) return
  const left = payment.amountMinor - payment.refundedMinor - payment.chargedBackMinor
  if (left >= amount.minor) return
  const available = fromMinor(left > 0n ? left : 0n, payment.currency)
  throw ledgerError(
    'refund_exceeds_payment',
    `${inWords(available)} of payment ${reference} of ${gateway} has not gone back yet, less than the ${inWords(amount)} asked. See payments.get; refund the rest to another.`,
    { available, requested: amount },
  )
}
