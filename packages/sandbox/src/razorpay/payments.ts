import type { Operation, SandboxRequest } from '../http/operation.js'
import { pockets } from './books.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { readAmount, readBody, readNotes, readOptionalText } from './fields.js'
import { orderEntity } from './orders.js'
import { paymentEntity } from './payment-entity.js'
import type { Payment } from './records.js'
import { badRequest } from './refusal.js'
import { basisPointsOf, chargeOf } from './subunits.js'
import { startOrderTransfers } from './transfers.js'

export const paymentOperations = (desk: Desk): Operation[] => [
  {
    name: 'listPayments',
    method: 'GET',
    path: '/v1/payments',
    handle: (request) => answerCollection(request, desk.store.payments.all(), paymentEntity),
  },
  {
    name: 'fetchPayment',
    method: 'GET',
    path: '/v1/payments/:id',
    handle: ({ params }) => ({ status: 200, body: paymentEntity(desk.store.payments.get(params.id ?? '')) }),
  },
  {
    name: 'updatePayment',
    method: 'PATCH',
    path: '/v1/payments/:id',
    handle(request) {
      const payment = desk.store.payments.get(request.params.id ?? '')
      payment.notes = readNotes(readBody(request, ['notes']))
      return { status: 200, body: paymentEntity(payment) }
    },
  },
  {
    name: 'capturePayment',
    method: 'POST',
    path: '/v1/payments/:id/capture',
    handle: (request) => captureByRequest(desk, request),
  },
]

function captureByRequest(desk: Desk, request: SandboxRequest) {
  const payment = desk.store.payments.get(request.params.id ?? '')
  const body = readBody(request, ['amount', 'currency'])
  const amountMinor = readAmount(body)
  const currency = readOptionalText(body, 'currency') ?? 'INR'
  if (payment.captured) throw badRequest('This payment has already been captured')
  if (payment.status !== 'authorized') {
    throw badRequest('Only payments which have been authorized and not yet captured can be captured')
  }
  if (currency !== payment.currency) {
    throw badRequest('Payment currency and the currency of the request do not match', { field: 'currency' })
  }
  if (amountMinor !== payment.amountMinor) {
    throw badRequest('Capture amount must be equal to the amount authorized', { field: 'amount' })
  }
  const order = desk.store.orders.get(payment.orderId)
  if (order.amountPaidMinor + amountMinor > order.amountMinor) {
    throw badRequest(
      'Your payment has been declined as the order is already paid. Please initiate the payment with a new order.',
    )
  }
  capture(desk, payment)
  return { status: 200, body: paymentEntity(payment) }
}

/**
 * The payment is the merchant's from now on, less the fee, and the order's transfers start when it is paid.
 *
 * | from | to | ₹1,000.00 at 2 % and 18 % GST |
 * | --- | --- | --- |
 * | in-flight:authorized | clearing | 976.40 |
 * | in-flight:authorized | razorpay:fees | 20.00 |
 * | in-flight:authorized | razorpay:taxes | 3.60 |
 */
export function capture(desk: Desk, payment: Payment): void {
  const { books, settings, store } = desk
  const { baseMinor, amountMinor } = payment
  const { fees } = settings
  const { feeMinor, taxMinor } = chargeOf(basisPointsOf(baseMinor, fees.paymentBasisPoints), fees.taxBasisPoints)
  const from = pockets.authorized
  books.post(
    {
      ...{ entityId: payment.id, type: 'payment', amountMinor: baseMinor, creditMinor: baseMinor - feeMinor },
      ...{ feeMinor, taxMinor, createdAt: desk.seconds() },
    },
    { from, to: pockets.clearing, amountMinor: baseMinor - feeMinor },
    { from, to: pockets.fees, amountMinor: feeMinor - taxMinor },
    { from, to: pockets.taxes, amountMinor: taxMinor },
  )
  Object.assign(payment, { status: 'captured', captured: true, feeMinor, taxMinor })
  const order = store.orders.get(payment.orderId)
  order.amountPaidMinor += amountMinor
  desk.tell('payment.captured', { payment: paymentEntity(payment) })
  if (order.amountPaidMinor < order.amountMinor) return
  order.status = 'paid'
  desk.tell('order.paid', { payment: paymentEntity(payment), order: orderEntity(order) })
  startOrderTransfers(desk, order, payment)
}
