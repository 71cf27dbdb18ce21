import type { Capture, Proceeds } from './capture.js'
import { captureOnWire } from './capture.js'
import { disburseLater } from './disbursement.js'
import { feeOf } from './fee.js'
import { exchange, type Money } from './money.js'
import type { PaymentOutcome } from './order.js'
import { type PayPalWorld, pockets } from './paypal-world.js'
import { unprocessable } from './refusal.js'

/** What is to be captured, and how. */
export type CaptureRequest = Pick<
  Capture,
  | 'orderId'
  | 'authorizationId'
  | 'payee'
  | 'amount'
  | 'finalCapture'
  | 'disbursementMode'
  | 'platformFee'
  | 'customId'
  | 'invoiceId'
>

/** Refuses an `invoice_id` that the payee was paid for before, where its account wants them unique. */
export function checkInvoiceId(
  { captures, settings }: PayPalWorld,
  { invoiceId, payee }: Pick<CaptureRequest, 'invoiceId' | 'payee'>,
): void {
  if (invoiceId === undefined || !settings.uniqueInvoiceIds) return
  const isPaid = (each: Capture) => each.invoiceId === invoiceId && each.payee === payee && each.status !== 'DECLINED'
  if ([...captures.values()].some(isPaid)) throw unprocessable('DUPLICATE_INVOICE_ID')
}

/** Refuses an amount that does not cover what is taken of it. */
export function checkProceeds(world: PayPalWorld, request: CaptureRequest): void {
  if (proceedsOf(world, request).net.minor < 0n) throw unprocessable('INVALID_PLATFORM_FEES_AMOUNT')
}

/** Captures an amount; nothing refuses any more. The payer's money arrives unless the payment is pending or declined. */
export function makeCapture(world: PayPalWorld, request: CaptureRequest, outcome: PaymentOutcome): Capture {
  const now = world.now()
  const capture: Capture = {
    id: world.newId(),
    ...request,
    status: outcome.status === 'COMPLETED' ? 'PENDING' : outcome.status,
    reason: outcome.status === 'PENDING' ? (outcome.reason ?? 'PENDING_REVIEW') : outcome.reason,
    heldMinor: 0n,
    refundedMinor: 0n,
    platformRefundedMinor: 0n,
    createdAt: now,
    updatedAt: now,
  }
  world.captures.set(capture.id, capture)
  if (outcome.status === 'COMPLETED') completeCapture(world, capture)
  else tellCapture(world, capture, outcome.status)
  return capture
}

/** The payer's money arrives: PayPal keeps its fee, the platform gets its own, and the payee has or will have the rest. */
export function completeCapture(world: PayPalWorld, capture: Capture): void {
  const proceeds = proceedsOf(world, capture)
  capture.proceeds = proceeds
  capture.status = 'COMPLETED'
  capture.reason = undefined
  capture.updatedAt = world.now()
  receive(world, capture, proceeds)
  note(world, capture, proceeds)
  if (capture.disbursementMode === 'DELAYED') disburseLater(world, capture)
  tellCapture(world, capture, 'COMPLETED')
}

/** The payer's bank refuses a payment that was pending. */
export function denyCapture(world: PayPalWorld, capture: Capture, reason: string | undefined): void {
  capture.status = 'DECLINED'
  capture.reason = reason
  capture.updatedAt = world.now()
  tellCapture(world, capture, 'DECLINED')
}

/** What the fees leave of an amount, and what the payee gets of that. */
function proceedsOf(
  { settings }: PayPalWorld,
  { amount, platformFee }: Pick<Capture, 'amount' | 'platformFee'>,
): Proceeds {
  const fee = feeOf(amount, settings.paymentFee)
  const net: Money = {
    currency: amount.currency,
    minor: amount.minor - fee.minor - (platformFee?.amount.minor ?? 0n),
  }
  const rate = settings.exchangeRates.find(({ from }) => from === amount.currency)
  return { fee, net, platformFee, received: rate && { amount: exchange(net, rate), rate } }
}

function receive({ sheet }: PayPalWorld, capture: Capture, { fee, net, platformFee, received }: Proceeds): void {
  const { currency } = capture.amount
  const isDelayed = capture.disbursementMode === 'DELAYED'
  const got = received?.amount ?? net
  const to = isDelayed ? pockets.held(capture.payee.merchantId) : pockets.balance(capture.payee.merchantId)
  const fees = [
    { from: pockets.payers, to: pockets.fees, currency, amountMinor: fee.minor },
    ...(platformFee === undefined
      ? []
      : [
          {
            from: pockets.payers,
            to: pockets.balance(platformFee.payee.merchantId),
            currency,
            amountMinor: platformFee.amount.minor,
          },
        ]),
  ]
  const rest =
    received === undefined
      ? [{ from: pockets.payers, to, currency, amountMinor: net.minor }]
      : [
          { from: pockets.payers, to: pockets.exchange, currency, amountMinor: net.minor },
          { from: pockets.exchange, to, currency: got.currency, amountMinor: got.minor },
        ]
  sheet.move(...fees, ...rest)
  capture.heldMinor = isDelayed ? got.minor : 0n
}

/** Notes what Transaction Search will show: the payment with PayPal's fee, and the platform's fee as transactions of its own. */
function note({ journal }: PayPalWorld, capture: Capture, { fee, platformFee, received }: Proceeds): void {
  const { id, payee, amount, orderId, invoiceId, customId } = capture
  const said = { transactionId: id, invoiceId, customField: customId, reference: { id: orderId, type: 'ODR' } as const }
  if (received === undefined) {
    journal.add({ ...said, merchantId: payee.merchantId, code: 'T0006', amount, feeMinor: -fee.minor })
  } else {
    journal.add({ ...said, merchantId: payee.merchantId, code: 'T0006', amount: received.amount })
  }
  if (platformFee === undefined) return
  const reference = { id, type: 'TXN' } as const
  const minus = { currency: platformFee.amount.currency, minor: -platformFee.amount.minor }
  journal.add({ ...said, reference, merchantId: payee.merchantId, code: 'T0113', amount: minus })
  journal.add({
    ...said,
    reference,
    merchantId: platformFee.payee.merchantId,
    code: 'T0113',
    amount: platformFee.amount,
  })
}

function tellCapture(world: PayPalWorld, capture: Capture, what: 'COMPLETED' | 'PENDING' | 'DECLINED'): void {
  const { value, currency_code } = captureOnWire(world, capture).amount
  world.tell({
    type: `PAYMENT.CAPTURE.${what}`,
    resourceType: 'capture',
    resource: {
      ...captureOnWire(world, capture),
      supplementary_data: { related_ids: { order_id: capture.orderId, authorization_id: capture.authorizationId } },
    },
    summary: `Payment ${what.toLowerCase()} for ${currency_code} ${value}`,
  })
}
