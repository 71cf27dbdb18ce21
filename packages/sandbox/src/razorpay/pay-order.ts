import { createHmac } from 'node:crypto'
import { pockets } from './books.js'
import { toPaise } from './currency.js'
import type { Desk } from './desk.js'
import { paymentEntity } from './payment-entity.js'
import { capture } from './payments.js'
import type { Order, Payment, PaymentError, PaymentMethod } from './records.js'
import { refundAuthorized } from './refunds.js'

export interface PayOptions {
  readonly method?: PaymentMethod | undefined
  /** Only for an order that takes partial payments; all that is due unless given. */
  readonly amountMinor?: bigint | undefined
  /** The payer's bank refuses. It may still authorise late: see `authorizeLate`. */
  readonly fail?: boolean | undefined
  /** It stays authorised, whatever the order says about capture. */
  readonly authorizeOnly?: boolean | undefined
}

/** What the checkout hands to the browser after a payment. */
export interface PaidOrder {
  readonly orderId: string
  readonly paymentId: string
  readonly status: Payment['status']
  /** `razorpay_signature`; of a failed payment there is none. */
  readonly signature: string | null
}

const refusedByBank: PaymentError = {
  code: 'BAD_REQUEST_ERROR',
  description: 'Payment failed',
  source: 'bank',
  step: 'payment_authorization',
  reason: 'payment_failed',
}

/** A payer pays an order at the checkout, or tries to. Throws when the order is paid already. */
export function payOrder(desk: Desk, orderId: string, options: PayOptions = {}): PaidOrder {
  const order = desk.store.orders.get(orderId)
  if (order.status === 'paid') throw new RangeError(`${orderId} is paid already.`)
  const dueMinor = order.amountMinor - order.amountPaidMinor
  const amountMinor = options.amountMinor ?? dueMinor
  if (amountMinor <= 0n || amountMinor > dueMinor || (amountMinor < dueMinor && !order.partialPayment)) {
    throw new RangeError(`${orderId} cannot be paid with ${amountMinor}.`)
  }
  const payment = attempt(desk, order, { amountMinor, method: options.method ?? 'upi' })
  if (options.fail) fail(desk, payment)
  else {
    authorize(desk, payment)
    if (order.automaticCapture && !options.authorizeOnly) capture(desk, payment)
  }
  return paidOrder(desk, payment)
}

function attempt(desk: Desk, order: Order, given: { amountMinor: bigint; method: PaymentMethod }): Payment {
  order.attempts += 1
  order.status = 'attempted'
  return desk.store.payments.add({
    ...{ id: desk.newId('payments'), createdAt: desk.seconds(), notes: {}, orderId: order.id, ...given },
    ...{ currency: order.currency, baseMinor: toPaise(desk.settings, order.currency, given.amountMinor) },
    ...{ status: 'failed', captured: false, feeMinor: null, taxMinor: null, error: null },
    ...{ amountRefundedMinor: 0n, baseRefundedMinor: 0n, amountTransferredMinor: 0n },
  })
}

function fail(desk: Desk, payment: Payment): void {
  payment.error = refusedByBank
  desk.tell('payment.failed', { payment: paymentEntity(payment) })
}

/** The payer's bank sets the money aside. It goes back if nobody captures it in time. */
function authorize(desk: Desk, payment: Payment): void {
  desk.books.move({ from: pockets.payers, to: pockets.authorized, amountMinor: payment.baseMinor })
  Object.assign(payment, { status: 'authorized', error: null })
  desk.tell('payment.authorized', { payment: paymentEntity(payment) })
  desk.later(desk.settings.times.authorizationMs, () => {
    if (payment.status === 'authorized') refundAuthorized(desk, payment)
  })
}

/**
 * The bank of a payment that failed authorises it after all. It is captured as any other, unless its order was paid in
 * the meantime.
 */
export function authorizeLate(desk: Desk, paymentId: string): PaidOrder {
  const payment = desk.store.payments.get(paymentId)
  if (payment.status !== 'failed') throw new RangeError(`${paymentId} has not failed.`)
  authorize(desk, payment)
  const order = desk.store.orders.get(payment.orderId)
  const isDue = order.amountPaidMinor + payment.amountMinor <= order.amountMinor
  if (order.automaticCapture && isDue) capture(desk, payment)
  return paidOrder(desk, payment)
}

function paidOrder({ settings }: Desk, { id: paymentId, orderId, status }: Payment): PaidOrder {
  const signature = createHmac('sha256', settings.keySecret).update(`${orderId}|${paymentId}`).digest('hex')
  return { orderId, paymentId, status, signature: status === 'failed' ? null : signature }
}
