import { pockets } from './books.js'
import type { Desk } from './desk.js'
import type { Notes } from './fields.js'
import { paymentEntity } from './payment-entity.js'
import type { Payment, Refund } from './records.js'
import { refundEntity } from './refund-entity.js'
import { chargeOf, noCharge } from './subunits.js'

export interface NewRefund {
  readonly amountMinor: bigint
  readonly receipt: string | null
  readonly notes: Notes
  readonly speedRequested: Refund['speedRequested']
}

/** Every event of a refund tells of the payment too. */
function tell(desk: Desk, event: string, refund: Refund): void {
  const payment = desk.store.payments.get(refund.paymentId)
  desk.tell(event, { refund: refundEntity(refund), payment: paymentEntity(payment) })
}

/**
 * Takes the money for a refund out of the balance. One of normal speed is processed later; an instant one now, for a fee.
 * Throws `PocketEmpty` when the balance is too low.
 *
 * | from | to | ₹200.00, instant |
 * | --- | --- | --- |
 * | clearing | in-flight:refunds | 200.00 |
 * | clearing | razorpay:fees | 5.00 |
 * | clearing | razorpay:taxes | 0.90 |
 */
export function createRefund(desk: Desk, payment: Payment, given: NewRefund): Refund {
  const { settings, books, store } = desk
  const instant = given.speedRequested === 'optimum' && settings.instantRefunds
  const { fees } = settings
  const { feeMinor, taxMinor } = instant ? chargeOf(fees.instantRefundMinor, fees.taxBasisPoints) : noCharge
  const refund = newRefund(desk, payment, {
    ...given,
    feeMinor,
    taxMinor,
    speedProcessed: instant ? 'instant' : 'normal',
  })
  const { baseMinor } = refund
  books.post(
    {
      ...{ entityId: refund.id, type: 'refund', amountMinor: baseMinor, debitMinor: baseMinor + feeMinor },
      ...{ feeMinor, taxMinor, createdAt: refund.createdAt, paymentId: payment.id },
    },
    { from: pockets.clearing, to: pockets.refundsInFlight, amountMinor: baseMinor },
    { from: pockets.clearing, to: pockets.fees, amountMinor: feeMinor - taxMinor },
    { from: pockets.clearing, to: pockets.taxes, amountMinor: taxMinor },
  )
  store.refunds.add(refund)
  noteRefunded(payment, refund)
  tell(desk, 'refund.created', refund)
  if (instant) process(desk, refund)
  else {
    if (refund.speedRequested === 'optimum') tell(desk, 'refund.speed_changed', refund)
    processLater(desk, refund)
  }
  return refund
}

/**
 * The merchant refunds a payment at the dashboard: all that is left of it unless an amount is given. Throws `RangeError`
 * where that cannot be.
 */
export function refundByHand(desk: Desk, paymentId: string, given?: bigint): string {
  const payment = desk.store.payments.get(paymentId)
  const restMinor = payment.amountMinor - payment.amountRefundedMinor
  const amountMinor = given ?? restMinor
  if (!payment.captured || amountMinor <= 0n || amountMinor > restMinor) {
    throw new RangeError(`${paymentId} cannot be refunded by ${amountMinor}.`)
  }
  if (desk.books.clearing() < payment.baseMinor) throw new RangeError('The balance is too low for a refund.')
  return createRefund(desk, payment, { amountMinor, receipt: null, notes: {}, speedRequested: 'normal' }).id
}

/** An authorised payment that nobody captured goes back to its payer. */
export function refundAuthorized(desk: Desk, payment: Payment): void {
  const given = { amountMinor: payment.amountMinor, receipt: null, notes: {}, speedRequested: 'normal' } as const
  const refund = newRefund(desk, payment, { ...given, ...noCharge, speedProcessed: 'normal' })
  desk.books.move({ from: pockets.authorized, to: pockets.refundsInFlight, amountMinor: refund.baseMinor })
  desk.store.refunds.add(refund)
  noteRefunded(payment, refund)
  tell(desk, 'refund.created', refund)
  processLater(desk, refund)
}

function newRefund(
  desk: Desk,
  payment: Payment,
  given: NewRefund & Pick<Refund, 'feeMinor' | 'taxMinor' | 'speedProcessed'>,
): Refund {
  const isRest = payment.amountRefundedMinor + given.amountMinor === payment.amountMinor
  const baseMinor = isRest
    ? payment.baseMinor - payment.baseRefundedMinor
    : (payment.baseMinor * given.amountMinor) / payment.amountMinor
  return {
    ...given,
    ...{ id: desk.newId('refunds'), createdAt: desk.seconds(), paymentId: payment.id, baseMinor },
    ...{ currency: payment.currency, ofAuthorized: !payment.captured, status: 'pending', arn: null },
  }
}

function noteRefunded(payment: Payment, { amountMinor, baseMinor }: Refund): void {
  payment.amountRefundedMinor += amountMinor
  payment.baseRefundedMinor += baseMinor
  if (payment.amountRefundedMinor === payment.amountMinor) payment.status = 'refunded'
}

function processLater(desk: Desk, refund: Refund): void {
  desk.later(desk.settings.times.refundMs, () => {
    if (refund.status === 'pending') process(desk, refund)
  })
}

function process(desk: Desk, refund: Refund): void {
  desk.books.move({ from: pockets.refundsInFlight, to: pockets.payers, amountMinor: refund.baseMinor })
  Object.assign(refund, { status: 'processed', arn: desk.newReference('', 14) })
  tell(desk, 'refund.processed', refund)
}

/** Banks process what is pending; gives the ids. */
export function processRefunds(desk: Desk): string[] {
  const pending = desk.store.refunds.where(({ status }) => status === 'pending')
  for (const refund of pending) process(desk, refund)
  return pending.map(({ id }) => id)
}

/** The payer's bank does not take a refund: the money is back in the balance, and may be refunded another time. */
export function failRefund(desk: Desk, refundId: string): void {
  const refund = desk.store.refunds.get(refundId)
  const payment = desk.store.payments.get(refund.paymentId)
  if (refund.status !== 'pending' || refund.ofAuthorized) throw new RangeError(`${refundId} cannot fail any more.`)
  const { baseMinor, amountMinor } = refund
  desk.books.post(
    {
      ...{ entityId: desk.newAdjustmentId(), type: 'adjustment', amountMinor: baseMinor, creditMinor: baseMinor },
      ...{ createdAt: desk.seconds(), paymentId: payment.id, description: `Refund ${refund.id} failed` },
    },
    { from: pockets.refundsInFlight, to: pockets.clearing, amountMinor: baseMinor },
  )
  refund.status = 'failed'
  payment.amountRefundedMinor -= amountMinor
  payment.baseRefundedMinor -= baseMinor
  payment.status = 'captured'
  tell(desk, 'refund.failed', refund)
}
