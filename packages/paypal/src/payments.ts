import { PaymentsController } from '@paypal/paypal-server-sdk'
import type { CallContext, GatewayPayment } from 'escrow-ledger'
import { zero } from 'escrow-ledger'
import { type Answer, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { instantAt, linkOf, requiredText, textAt } from './json-path.js'
import { fetchOrder } from './orders.js'
import { unexpected } from './outcome.js'
import { orderOfCapture, paymentOf, refundsOfCapture } from './payment.js'
import { idInLink, resourceId } from './resource-id.js'
import { requiredMoney } from './wire-money.js'

/**
 * Reads a payment by the id of its capture, or of its authorization while that is not captured. Null where PayPal knows
 * neither. Its order is read too, where what has gone back stands only there.
 */
export async function fetchPayment(
  api: PayPalApi,
  reference: string,
  context: CallContext,
): Promise<GatewayPayment | null> {
  const answer = await getCapture(api, reference, context)
  if (answer.status === 404) return fetchAuthorized(api, reference, context)
  if (!isSuccess(answer)) throw unexpected(answer)
  const capture = answer.body
  const order = await findOrderOf(api, capture, context)
  return paymentOf(capture, order, api.partner)
}

/**
 * The refunds of a payment that came to something. There are none of one that PayPal does not know as a capture: an account
 * may have other sales. Throws where PayPal does not tell them.
 */
export async function refundsOf(api: PayPalApi, payment: string, context: CallContext): Promise<readonly unknown[]> {
  const answer = await getCapture(api, payment, context)
  if (answer.status === 404) return []
  if (!isSuccess(answer)) throw unexpected(answer)
  if (textAt(answer.body, 'status') === 'COMPLETED') return []
  const order = await findOrderOf(api, answer.body, context)
  if (order === undefined) throw new Error(`PayPal does not tell what of payment ${payment} was refunded`)
  return refundsOfCapture(order, payment)
}

/** PayPal's capture of an id, whatever the answer. */
export function getCapture(api: PayPalApi, reference: string, context: CallContext): Promise<Answer> {
  const captureId = resourceId(reference, 'payment')
  return api.call(context, (client, options) =>
    new PaymentsController(client).getCapturedPayment({ captureId }, options),
  )
}

/** The order of a capture: it names it, or the authorization that it came of, which does. */
export async function findOrderOf(api: PayPalApi, capture: unknown, context: CallContext): Promise<unknown> {
  const named = orderOfCapture(capture) ?? (await orderOfAuthorization(api, capture, context))
  if (named === null) return undefined
  const answer = await fetchOrder(api, named, context)
  return isSuccess(answer) ? answer.body : undefined
}

async function orderOfAuthorization(api: PayPalApi, capture: unknown, context: CallContext): Promise<string | null> {
  const id = idInLink(linkOf(capture, 'up'), 'authorizations')
  if (id === null) return null
  const answer = await getAuthorization(api, id, context)
  return isSuccess(answer) ? orderOfCapture(answer.body) : null
}

export function getAuthorization(api: PayPalApi, reference: string, context: CallContext): Promise<Answer> {
  const authorizationId = resourceId(reference, 'payment')
  return api.call(context, (client, options) =>
    new PaymentsController(client).getAuthorizedPayment({ authorizationId }, options),
  )
}

const authorizedStates: Readonly<Record<string, GatewayPayment['state']>> = {
  CREATED: 'authorized',
  PARTIALLY_CAPTURED: 'authorized',
  CAPTURED: 'authorized',
  PENDING: 'created',
  DENIED: 'failed',
  EXPIRED: 'failed',
  VOIDED: 'failed',
}

async function fetchAuthorized(api: PayPalApi, reference: string, context: CallContext) {
  const answer = await getAuthorization(api, reference, context)
  if (answer.status === 404) return null
  if (!isSuccess(answer)) throw unexpected(answer)
  const amount = requiredMoney(answer.body, 'amount')
  const state = authorizedStates[requiredText(answer.body, 'status')]
  const at = instantAt(answer.body, 'create_time')
  if (state === undefined || at === undefined) throw unexpected(answer)
  const order = orderOfCapture(answer.body)
  const orderKey = textAt(answer.body, 'custom_id')
  return { reference, order, orderKey, state, amount, received: null, fee: null, refunded: zero(amount.currency), at }
}
