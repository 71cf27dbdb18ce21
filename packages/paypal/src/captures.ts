import { OrdersController, PaymentsController } from '@paypal/paypal-server-sdk'
import type { CallContext, CallOutcome, CaptureCall, GatewayPayment } from 'escrow-ledger'
import { type Answer, hasIssue, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { textAt } from './json-path.js'
import { authorizationIn, capturesIn, isLetGo, paymentsIn } from './order-outcome.js'
import { fetchOrder, goneOrder } from './orders.js'
import { outcomeOfFailure, outcomeOfQuestion, unexpected } from './outcome.js'
import { paymentOf } from './payment.js'
import { fetchPayment, getAuthorization } from './payments.js'
import { resourceId } from './resource-id.js'
import { sdkMoney } from './wire-money.js'

/** Captures what the payer has approved, an order, or what was authorised. */
export async function sendCapture(api: PayPalApi, call: CaptureCall, context: CallContext): Promise<CallOutcome> {
  return isOrder(call) ? captureOrder(api, call, context) : captureAuthorization(api, call, call.payment, context)
}

/** Where PayPal captures the whole order, its reference stands for what is captured. */
const isOrder = ({ payment, order }: CaptureCall): boolean => order === null || payment === order

async function captureOrder(api: PayPalApi, call: CaptureCall, context: CallContext): Promise<CallOutcome> {
  const asked = { id: resourceId(call.payment, 'payment'), paypalRequestId: call.key, prefer: 'return=representation' }
  const answer = await api.call(context, (client, options) => new OrdersController(client).captureOrder(asked, options))
  if (isSuccess(answer)) return outcomeOfCaptures(paymentsIn(answer.body, api.partner))
  if (hasIssue(answer, 'ACTION_DOES_NOT_MATCH_INTENT')) return authorizeAndCapture(api, call, context)
  // By somebody else's hand, or by an earlier attempt whose key has run out: what counts is what there is.
  return hasIssue(answer, 'ORDER_ALREADY_CAPTURED') ? lookAtOrder(api, call, context) : outcomeOfFailure(answer)
}

/** An order whose intent is AUTHORIZE is authorised first; both requests have one effect under their keys. */
async function authorizeAndCapture(api: PayPalApi, call: CaptureCall, context: CallContext): Promise<CallOutcome> {
  const asked = {
    id: resourceId(call.payment, 'payment'),
    paypalRequestId: `${call.key}-authorize`,
    prefer: 'return=representation',
  }
  const answer = await api.call(context, (client, options) =>
    new OrdersController(client).authorizeOrder(asked, options),
  )
  if (!isSuccess(answer) && !hasIssue(answer, 'ORDER_ALREADY_AUTHORIZED')) return outcomeOfFailure(answer)
  const order = isSuccess(answer) ? answer : await fetchOrder(api, call.payment, context)
  if (!isSuccess(order)) throw unexpected(order)
  const authorization = authorizationIn(order.body)
  if (authorization !== null) return captureAuthorization(api, call, authorization, context)
  const captures = capturesIn(order.body)
  if (captures.length > 0) return outcomeOfCaptures(paymentsIn(order.body, api.partner))
  if (isLetGo(order.body)) {
    const reason = 'what the payer had authorised was voided or denied'
    return { outcome: 'refused', code: 'AUTHORIZATION_VOIDED', reason }
  }
  return { outcome: 'waiting', reason: 'what the payer has approved is not authorised yet' }
}

async function captureAuthorization(
  api: PayPalApi,
  call: CaptureCall,
  authorization: string,
  context: CallContext,
): Promise<CallOutcome> {
  const { key, amount } = call
  const asked = {
    authorizationId: resourceId(authorization, 'payment'),
    paypalRequestId: key,
    prefer: 'return=representation',
    body: { amount: sdkMoney(amount), finalCapture: true },
  }
  const answer = await api.call(context, (client, options) =>
    new PaymentsController(client).captureAuthorizedPayment(asked, options),
  )
  if (isSuccess(answer)) return outcomeOfCaptures([paymentOf(answer.body, orderNamed(call), api.partner)])
  const before = hasIssue(answer, 'AUTHORIZATION_ALREADY_CAPTURED', 'DUPLICATE_INVOICE_ID')
  return before && call.order !== null ? lookAtOrder(api, call, context, answer) : outcomeOfFailure(answer)
}

const orderNamed = ({ order }: CaptureCall) => (order === null ? undefined : { id: order })

/** Looks at what was captured of the order. `refusal` is what to say where that is nothing. */
async function lookAtOrder(
  api: PayPalApi,
  call: CaptureCall,
  context: CallContext,
  refusal?: Answer,
): Promise<CallOutcome> {
  const answer = await fetchOrder(api, call.order ?? call.payment, context)
  if (!isSuccess(answer)) return outcomeOfQuestion(answer)
  const payments = paymentsIn(answer.body, api.partner)
  if (payments.length === 0 && refusal !== undefined) return outcomeOfFailure(refusal)
  return outcomeOfCaptures(payments)
}

/** Asks what became of a capture: by the payment, where that is known, or else by the order or the authorization. */
export async function askCapture(api: PayPalApi, call: CaptureCall, context: CallContext): Promise<CallOutcome> {
  if (call.reference !== null) {
    const payment = await fetchPayment(api, call.reference, context)
    return payment === null ? { outcome: 'absent' } : outcomeOfCaptures([payment])
  }
  const answer = await fetchOrder(api, call.order ?? call.payment, context)
  if (answer.status === 404) return isOrder(call) ? goneOrder(answer) : askAuthorization(api, call, context)
  if (!isSuccess(answer)) return outcomeOfQuestion(answer)
  const payments = paymentsIn(answer.body, api.partner)
  return payments.length === 0 ? { outcome: 'absent' } : outcomeOfCaptures(payments)
}

async function askAuthorization(api: PayPalApi, call: CaptureCall, context: CallContext): Promise<CallOutcome> {
  const answer = await getAuthorization(api, call.payment, context)
  if (!isSuccess(answer)) return outcomeOfQuestion(answer)
  const status = textAt(answer.body, 'status') ?? 'nothing'
  return status === 'CREATED' ? { outcome: 'absent' } : { outcome: 'unknown', reason: `the authorization is ${status}` }
}

/** A capture that is pending is PayPal's to finish; the latest of several counts. */
function outcomeOfCaptures(payments: readonly GatewayPayment[]): CallOutcome {
  const payment = payments.find(({ state }) => state === 'captured') ?? payments.at(-1)
  if (payment === undefined) return { outcome: 'unknown', reason: 'PayPal shows no payment for what was captured' }
  const { reference, state, at } = payment
  if (state === 'captured') return { outcome: 'processed', reference, at, payments }
  if (state === 'failed') return { outcome: 'refused', code: 'DECLINED', reason: `payment ${reference} was declined` }
  return { outcome: 'accepted', reference, payments }
}
