import { PocketEmpty } from '../world/balance-sheet.js'
import type { Capture } from './capture.js'
import { captureOnWire } from './capture.js'
import { receivedCurrency } from './disbursement.js'
import { exchange, type Money } from './money.js'
import { type PayPalWorld, pockets } from './paypal-world.js'
import { type Refund, refundOnWire } from './refund.js'
import { unprocessable } from './refusal.js'

export interface RefundRequest {
  readonly capture: Capture
  readonly amount: Money
  /** What the platform gives back of its fee; its part of the amount, unless given. */
  readonly platformMinor?: bigint | undefined
  readonly customId?: string | undefined
  readonly invoiceId?: string | undefined
  readonly noteToPayer?: string | undefined
}

/**
 * Gives an amount back to the payer. What is held of the payment is taken first, then the payee's balance, which also
 * bears the fee that PayPal keeps. Refuses what is more than that.
 */
export function makeRefund(world: PayPalWorld, request: RefundRequest): Refund {
  const { capture, amount } = request
  const platformMinor = request.platformMinor ?? platformPart(capture, amount.minor)
  const rate = capture.proceeds?.received?.rate
  const net: Money = { currency: amount.currency, minor: amount.minor - platformMinor }
  const payable = rate === undefined ? net : exchange(net, rate)
  const now = world.now()
  takeBack(world, { capture, platformMinor, payable, net })
  capture.refundedMinor += amount.minor
  capture.platformRefundedMinor += platformMinor
  setRefundStatus(world, capture)
  const { customId, invoiceId, noteToPayer } = request
  const refund: Refund = {
    ...{ id: world.newId(), capture, amount, customId, invoiceId, noteToPayer, platformMinor, payable, rate },
    status: world.settings.refundDelayMs > 0 ? 'PENDING' : 'COMPLETED',
    totalRefundedMinor: capture.refundedMinor,
    createdAt: now,
    updatedAt: now,
  }
  world.refunds.set(refund.id, refund)
  note(world, refund)
  if (refund.status === 'COMPLETED') tellRefunded(world, refund)
  else world.schedule(now + world.settings.refundDelayMs, () => completeRefund(world, refund))
  return refund
}

/** The payer has got a refund that was pending. */
export function completeRefund(world: PayPalWorld, refund: Refund): void {
  if (refund.status !== 'PENDING') return
  refund.status = 'COMPLETED'
  refund.updatedAt = world.now()
  world.journal.mark(refund.id, 'S')
  tellRefunded(world, refund)
}

/** A refund that was pending did not get to the payer: the money is back with those who gave it. */
export function failRefund(world: PayPalWorld, refund: Refund): void {
  if (refund.status !== 'PENDING') throw new RangeError(`The refund ${refund.id} is ${refund.status}.`)
  const { capture, amount, platformMinor, payable, rate } = refund
  refund.status = 'FAILED'
  refund.updatedAt = world.now()
  capture.refundedMinor -= amount.minor
  capture.platformRefundedMinor -= platformMinor
  setRefundStatus(world, capture)
  const net = { currency: amount.currency, minor: amount.minor - platformMinor }
  const to = pockets.balance(capture.payee.merchantId)
  world.sheet.move(
    ...platformMovement(capture, platformMinor).map(({ from, to, ...rest }) => ({ from: to, to: from, ...rest })),
    ...(rate === undefined
      ? []
      : [{ from: pockets.payers, to: pockets.exchange, currency: net.currency, amountMinor: net.minor }]),
    {
      from: rate === undefined ? pockets.payers : pockets.exchange,
      to,
      currency: payable.currency,
      amountMinor: payable.minor,
    },
  )
  world.journal.mark(refund.id, 'V')
  world.journal.add({
    merchantId: capture.payee.merchantId,
    transactionId: world.newId(),
    code: 'T1106',
    amount: payable,
    reference: { id: refund.id, type: 'TXN' },
  })
  world.tell({
    type: 'PAYMENT.REFUND.FAILED',
    resourceType: 'refund',
    resource: refundOnWire(world, refund),
    summary: 'A refund failed.',
  })
}

/** The part of the platform's fee that goes back with an amount, so that all of it has gone back with the whole payment. */
function platformPart(capture: Capture, minor: bigint): bigint {
  const fee = capture.platformFee?.amount.minor ?? 0n
  const upToNow = (fee * (capture.refundedMinor + minor)) / capture.amount.minor
  return upToNow > capture.platformRefundedMinor ? upToNow - capture.platformRefundedMinor : 0n
}

const platformMovement = ({ platformFee, amount }: Capture, platformMinor: bigint) =>
  platformFee === undefined
    ? []
    : [
        {
          from: pockets.balance(platformFee.payee.merchantId),
          to: pockets.payers,
          currency: amount.currency,
          amountMinor: platformMinor,
        },
      ]

function takeBack(
  { sheet }: PayPalWorld,
  { capture, platformMinor, payable, net }: { capture: Capture; platformMinor: bigint; payable: Money; net: Money },
): void {
  const { merchantId } = capture.payee
  const fromHeld = payable.minor < capture.heldMinor ? payable.minor : capture.heldMinor
  const isExchanged = receivedCurrency(capture) !== capture.amount.currency
  const to = isExchanged ? pockets.exchange : pockets.payers
  const { currency } = payable
  try {
    sheet.move(
      ...platformMovement(capture, platformMinor),
      { from: pockets.held(merchantId), to, currency, amountMinor: fromHeld },
      { from: pockets.balance(merchantId), to, currency, amountMinor: payable.minor - fromHeld },
      ...(isExchanged
        ? [{ from: pockets.exchange, to: pockets.payers, currency: net.currency, amountMinor: net.minor }]
        : []),
    )
  } catch (error) {
    if (error instanceof PocketEmpty) throw unprocessable('REFUND_FAILED_INSUFFICIENT_FUNDS')
    throw error
  }
  capture.heldMinor -= fromHeld
}

/** What has been given back shows in the status of the payment. */
export function setRefundStatus({ now }: PayPalWorld, capture: Capture): void {
  const { refundedMinor, amount } = capture
  const partly = refundedMinor > 0n ? 'PARTIALLY_REFUNDED' : 'COMPLETED'
  capture.status = refundedMinor === amount.minor ? 'REFUNDED' : partly
  capture.updatedAt = now()
}

function note({ journal }: PayPalWorld, refund: Refund): void {
  const { capture, payable, platformMinor, amount } = refund
  const said = {
    transactionId: refund.id,
    reference: { id: capture.id, type: 'TXN' } as const,
    invoiceId: refund.invoiceId ?? capture.invoiceId,
    customField: refund.customId ?? capture.customId,
    status: refund.status === 'PENDING' ? ('P' as const) : ('S' as const),
  }
  const { currency } = payable
  journal.add({
    ...said,
    merchantId: capture.payee.merchantId,
    code: 'T1107',
    amount: { currency, minor: -payable.minor },
  })
  if (capture.platformFee === undefined || platformMinor === 0n) return
  journal.add({
    ...said,
    merchantId: capture.platformFee.payee.merchantId,
    code: 'T1107',
    amount: { currency: amount.currency, minor: -platformMinor },
  })
}

/** The resource of a `PAYMENT.CAPTURE.REFUNDED` is the refund; its capture is in the link `up` alone. */
function tellRefunded(world: PayPalWorld, refund: Refund): void {
  const { currency_code, value } = captureOnWire(world, refund.capture).amount
  world.tell({
    type: 'PAYMENT.CAPTURE.REFUNDED',
    resourceType: 'refund',
    resource: refundOnWire(world, refund),
    summary: `A ${currency_code} ${value} capture payment was refunded`,
  })
}
