import type { Capture } from './capture.js'
import { makeRefund } from './make-refund.js'
import type { PayPalWorld } from './paypal-world.js'
import { Refusal } from './refusal.js'

/**
 * The payee gives money back on PayPal's own pages: all that is left of the payment unless an amount is given. Throws
 * `RangeError` where that cannot be.
 */
export function refundByHand(world: PayPalWorld, capture: Capture, given?: bigint): string {
  const left = capture.amount.minor - capture.refundedMinor
  const minor = given ?? left
  if (capture.proceeds === undefined || capture.disputeId !== undefined || minor <= 0n || minor > left) {
    throw new RangeError(`The payment ${capture.id} cannot be refunded by ${minor}.`)
  }
  try {
    return makeRefund(world, { capture, amount: { currency: capture.amount.currency, minor } }).id
  } catch (error) {
    if (error instanceof Refusal) throw new RangeError('The balance is too low for a refund.')
    throw error
  }
}
