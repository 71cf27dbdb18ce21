import { CheckoutPaymentIntent, OrdersController } from '@paypal/paypal-server-sdk'
import type { CallContext, CallOutcome, OrderCall } from 'escrow-ledger'
import { type Answer, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { requiredText } from './json-path.js'
import { detailsOnWire, type OrderDetails } from './order-details.js'
import { outcomeOfOrder } from './order-outcome.js'
import { outcomeOfFailure, outcomeOfQuestion } from './outcome.js'
import { resourceId } from './resource-id.js'
import { sdkMoney } from './wire-money.js'

export interface OrdersOptions {
  readonly intent: 'CAPTURE' | 'AUTHORIZE'
  readonly orderDetails: (call: OrderCall) => OrderDetails | Promise<OrderDetails>
}

/**
 * Creates an order, which a payer approves on the checkout page. The key is kept with it as `custom_id`, and as the
 * `invoice_id` of which PayPal takes one payment only; the escrow as `reference_id`.
 */
export async function sendOrder(
  api: PayPalApi,
  call: OrderCall,
  context: CallContext,
  { intent, orderDetails }: OrdersOptions,
): Promise<CallOutcome> {
  const { key, amount, escrow } = call
  const given = await orderDetails(call)
  if (given.payee !== undefined && api.partner === null) {
    const reason = 'an order that names a seller needs the option partnerId, to tell the seller from the platform'
    return { outcome: 'refused', code: 'PARTNER_ID_REQUIRED', reason }
  }
  const details = detailsOnWire(given)
  const unit = {
    ...(escrow === null ? {} : { referenceId: escrow }),
    amount: sdkMoney(amount),
    customId: key,
    invoiceId: key,
    ...details,
  }
  const body = {
    intent: intent === 'CAPTURE' ? CheckoutPaymentIntent.Capture : CheckoutPaymentIntent.Authorize,
    purchaseUnits: [unit],
  }
  const asked = { body, paypalRequestId: key, prefer: 'return=representation' }
  const answer = await api.call(context, (client, options) => new OrdersController(client).createOrder(asked, options))
  if (!isSuccess(answer)) return outcomeOfFailure(answer)
  requiredText(answer.body, 'id')
  return outcomeOfOrder(answer.body, amount, api.partner)
}

/** Asks about an order. One of which no id is known can have been paid by nobody. */
export async function askOrder(api: PayPalApi, call: OrderCall, context: CallContext): Promise<CallOutcome> {
  if (call.reference === null) return { outcome: 'absent' }
  const answer = await fetchOrder(api, call.reference, context)
  if (answer.status === 404) return goneOrder(answer)
  if (!isSuccess(answer)) return outcomeOfQuestion(answer)
  return outcomeOfOrder(answer.body, call.amount, api.partner)
}

export function fetchOrder(api: PayPalApi, reference: string, context: CallContext): Promise<Answer> {
  const id = resourceId(reference, 'order')
  return api.call(context, (client, options) => new OrdersController(client).getOrder({ id }, options))
}

/** PayPal keeps an order that was paid, and forgets one that was not paid in time. */
export function goneOrder({ requestId }: Answer): CallOutcome {
  const reason = 'PayPal no longer has the order: it was not paid in time'
  return { outcome: 'refused', code: 'RESOURCE_NOT_FOUND', reason, requestId }
}
