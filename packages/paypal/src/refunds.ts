import { PaymentsController } from '@paypal/paypal-server-sdk'
import type { CallContext, CallOutcome, RefundCall } from 'escrow-ledger'
import { type Answer, hasIssue, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { instantAt, requiredText, textAt, valueAt } from './json-path.js'
import { outcomeOfFailure, outcomeOfQuestion, unexpected } from './outcome.js'
import { inTheNameOf, type Partner } from './partner.js'
import { refundsIn } from './payment.js'
import { findOrderOf, getCapture } from './payments.js'
import { type RefundDetails, refundDetailsOnWire } from './refund-details.js'
import { resourceId } from './resource-id.js'
import { sellerOf, sellerPartOfRefund } from './seller-part.js'
import { sdkMoney } from './wire-money.js'

export interface RefundsOptions {
  readonly refundDetails: (call: RefundCall) => RefundDetails | Promise<RefundDetails>
}

/** Issues with which PayPal answers what an earlier attempt under the key has done already, once the key has run out. */
const doneBefore = ['CAPTURE_FULLY_REFUNDED', 'DUPLICATE_INVOICE_ID', 'REFUND_AMOUNT_EXCEEDED']

/**
 * Gives money of a payment back to its payer. The key is kept with the refund as `custom_id`, and as the `invoice_id` of
 * which PayPal makes one refund only.
 */
export async function sendRefund(
  api: PayPalApi,
  call: RefundCall,
  context: CallContext,
  options: RefundsOptions,
): Promise<CallOutcome> {
  const { key, amount, payment } = call
  if (payment === null) {
    const reason = 'PayPal gives money back to the payment that it came from only: send a payout instead'
    return { outcome: 'refused', code: 'PAYMENT_REQUIRED', reason }
  }
  const own = { amount: sdkMoney(amount), customId: key, invoiceId: key }
  const captureId = resourceId(payment, 'payment')
  const asked = { captureId, paypalRequestId: key, prefer: 'return=representation' }
  const { failure, assertion, details } = await ofSeller(api, call, { payment, context, options })
  if (failure !== undefined) return outcomeOfFailure(failure)
  const body = { ...own, ...details }
  const answer = await api.call(context, (client, options) =>
    new PaymentsController(client).refundCapturedPayment({ ...asked, ...assertion, body }, options),
  )
  if (isSuccess(answer)) return outcomeOfRefund(answer.body, api.partner)
  const before = hasIssue(answer, ...doneBefore) ? await findRefund(api, call, payment, context) : undefined
  return before === undefined ? outcomeOfFailure(answer) : outcomeOfRefund(before, api.partner)
}

interface OfSeller {
  /** What PayPal answered to the question whose the payment is, where that is no answer to it. Nothing was done. */
  readonly failure?: Answer
  readonly assertion?: { readonly paypalAuthAssertion: string }
  readonly details?: ReturnType<typeof refundDetailsOnWire>
}

/** What a seller was paid is given back in the seller's name, and the platform says what it gives of its fee. */
async function ofSeller(
  api: PayPalApi,
  call: RefundCall,
  about: { readonly payment: string; readonly context: CallContext; readonly options: RefundsOptions },
): Promise<OfSeller> {
  if (api.partner === null) return {}
  const capture = await getCapture(api, about.payment, about.context)
  if (!isSuccess(capture)) return { failure: capture }
  const order =
    valueAt(capture.body, 'payee') === undefined ? await findOrderOf(api, capture.body, about.context) : null
  const seller = sellerOf(capture.body, order, api.partner)
  if (seller === null) return {}
  const details = refundDetailsOnWire(await about.options.refundDetails(call))
  return { assertion: { paypalAuthAssertion: inTheNameOf(api.partner, seller) }, details }
}

/** Asks about a refund, by its id or else by the key among the refunds of the payment's order. */
export async function askRefund(api: PayPalApi, call: RefundCall, context: CallContext): Promise<CallOutcome> {
  const { reference, payment } = call
  if (reference === null) {
    const found = payment === null ? undefined : await findRefund(api, call, payment, context)
    return found === undefined ? { outcome: 'absent' } : outcomeOfRefund(found, api.partner)
  }
  const refundId = resourceId(reference, 'reference')
  const answer = await api.call(context, (client, options) =>
    new PaymentsController(client).getRefund({ refundId }, options),
  )
  return isSuccess(answer) ? outcomeOfRefund(answer.body, api.partner) : outcomeOfQuestion(answer)
}

async function findRefund(
  api: PayPalApi,
  { key }: RefundCall,
  payment: string,
  context: CallContext,
): Promise<unknown> {
  const capture = await getCapture(api, payment, context)
  if (!isSuccess(capture)) throw unexpected(capture)
  const order = await findOrderOf(api, capture.body, context)
  return refundsIn(order).find((refund) => textAt(refund, 'custom_id') === key)
}

function outcomeOfRefund(refund: unknown, partner: Partner | null): CallOutcome {
  const reference = requiredText(refund, 'id')
  const status = requiredText(refund, 'status')
  const why = textAt(refund, 'status_details', 'reason')
  switch (status) {
    case 'COMPLETED':
      return {
        outcome: 'processed',
        reference,
        at: instantAt(refund, 'update_time') ?? instantAt(refund, 'create_time'),
        payeePart: sellerPartOfRefund(refund, partner),
      }
    case 'PENDING':
      return { outcome: 'accepted', reference }
    case 'FAILED':
    case 'CANCELLED':
      return { outcome: 'refused', code: status, reason: why ?? `refund ${reference} did not get to the payer` }
    default:
      return { outcome: 'unknown', reason: `refund ${reference} is ${status}, which is not known` }
  }
}
