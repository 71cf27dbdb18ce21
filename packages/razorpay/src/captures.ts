import type { CallOutcome, CaptureCall } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { fetchPayment, paymentOf } from './payments.js'
import { toWire } from './wire-money.js'

/** Takes what a payer has authorised: all of it, as Razorpay captures no parts. What became of it, the payment says. */
export function createCaptures(client: RazorpayClient): CallKind<CaptureCall> {
  return {
    async send({ payment, amount }, context) {
      const id = idOf('payment', payment)
      const subunits = toWire(amount)
      return captureOutcome(await client.call(context, (sdk) => sdk.payments.capture(id, subunits, amount.currency)))
    },
    async ask({ payment }, context) {
      const answer = await fetchPayment(client, payment, context)
      return answer === null ? { outcome: 'absent' } : captureOutcome(answer)
    },
  }
}

function captureOutcome(answer: Answer): CallOutcome {
  const payment = paymentOf(answer)
  const { state, reference, at } = payment
  if (state === 'captured') return { outcome: 'processed', reference, at, payments: [payment] }
  if (state !== 'failed') return { outcome: 'absent' }
  const reason = answer.optionalText('error_description') ?? 'the payment failed, or went back before it was captured'
  return { outcome: 'refused', code: answer.optionalText('error_code') ?? 'payment_failed', reason }
}
