import { ledgerError } from '../errors/index.js'
import type { View } from '../journal/draft.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { type Payment, paymentKey, payments } from './payment.js'

/** What a payment can still give back, in minor units: what was refunded, by whomever, or charged back is with the payer already. */
export function notGoneBackMinor({ amountMinor, refundedMinor, chargedBackMinor }: Payment): bigint {
  const left = amountMinor - refundedMinor - chargedBackMinor
  return left > 0n ? left : 0n
}

/** Why a payment cannot give more back, in words. */
export function goneBackInWords(payment: Payment): string {
  const { gateway, reference, currency, amountMinor, refundedMinor, chargedBackMinor } = payment
  const words = (minor: bigint) => inWords(fromMinor(minor, currency))
  const gone = [
    ...(refundedMinor > 0n ? [`${words(refundedMinor)} was refunded, here or at the gateway`] : []),
    ...(chargedBackMinor > 0n ? [`${words(chargedBackMinor)} was charged back`] : []),
  ]
  return `of the ${words(amountMinor)} of payment ${reference} of ${gateway}, ${gone.join(', and ')}`
}

/** Throws `refund_exceeds_payment` where a payment cannot give that much back any more. */
export function checkReturnable(
  view: Pick<View, 'get'>,
  { gateway, reference, amount }: { readonly gateway: string; readonly reference: string; readonly amount: Money },
): void {
  const payment = view.get(payments, paymentKey(gateway, reference))
  if (!payment) return
  const available = fromMinor(notGoneBackMinor(payment), payment.currency)
  if (available.minor >= amount.minor) return
  throw ledgerError(
    'refund_exceeds_payment',
    `${inWords(available)} can go back, less than the ${inWords(amount)} asked: ${goneBackInWords(payment)}. Write off in suspense what its payer has already.`,
    { available, requested: amount },
  )
}
