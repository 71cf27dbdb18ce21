import type { CallContext, CallOutcome, RefundCall } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { everyPage, findIn } from './every-page.js'
import { idOf } from './ids.js'
import { keyIn, notesOf } from './notes.js'
import type { Settings } from './options.js'
import { isNotFound } from './outcome.js'
import { toWire } from './wire-money.js'

/**
 * Gives a payment, or a part of it, back to its payer. One that is sent another way, without a payment, is a payout to the
 * payer's fund account.
 */
export function createRefunds(
  client: RazorpayClient,
  { refundSpeed = 'normal' }: Settings,
  payouts: CallKind<RefundCall>,
): CallKind<RefundCall> {
  return {
    async send(call, context) {
      if (call.payment === null) return payouts.send(call, context)
      const id = idOf('payment', call.payment)
      const request = {
        amount: toWire(call.amount),
        speed: typeof refundSpeed === 'function' ? refundSpeed(call) : refundSpeed,
        receipt: call.key,
        notes: notesOf(call),
      }
      const headers = { 'X-Refund-Idempotency': call.key }
      return refundOutcome(await client.call(context, (sdk) => sdk.payments.refund(id, request), headers))
    },
    async ask(call, context) {
      if (call.payment === null) return payouts.ask(call, context)
      const refund = await findRefund(client, call, context)
      return refund === null ? { outcome: 'absent' } : refundOutcome(refund)
    },
  }
}

async function findRefund(
  client: RazorpayClient,
  { reference, payment, key }: RefundCall,
  context: CallContext,
): Promise<Answer | null> {
  try {
    if (reference !== null) {
      const id = idOf('refund', reference)
      return await client.call(context, (sdk) => sdk.refunds.fetch(id))
    }
    const id = idOf('payment', payment)
    const all = everyPage((page) => client.call(context, (sdk) => sdk.payments.fetchMultipleRefund(id, page)))
    return await findIn(all, (refund) => refund.optionalText('receipt') === key || keyIn(refund) === key)
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** When it was processed Razorpay does not say. */
function refundOutcome(refund: Answer): CallOutcome {
  const reference = refund.text('id')
  const status = refund.text('status')
  if (status === 'processed') return { outcome: 'processed', reference }
  if (status === 'pending') return { outcome: 'accepted', reference }
  if (status !== 'failed') throw new Error(`Razorpay gave a refund the status ${status}.`)
  return { outcome: 'refused', code: 'refund_failed', reason: `the payer's bank did not take ${reference}` }
}
