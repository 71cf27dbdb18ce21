import type { Operation, SandboxRequest } from '../http/operation.js'
import { actingFor } from './acting-for.js'
import { type Capture, captureAlone, findCapture } from './capture.js'
import { releaseDisputed, resolveInFavourOfBuyer } from './dispute-outcome.js'
import { type Fields, readFields } from './fields.js'
import { makeRefund, type RefundRequest } from './make-refund.js'
import type { PayPalWorld } from './paypal-world.js'
import { findRefund, refundInBrief, refundOnWire } from './refund.js'
import { forbidden, unprocessable } from './refusal.js'
import { wantsRepresentation } from './request-keys.js'
import { DAY_MS } from './settings.js'

/** Keys of the Payments API are kept for 45 days. */
export const PAYMENT_KEY_MS = 45 * DAY_MS

/** Payments can be given back for so long. */
const REFUNDABLE_MS = 180 * DAY_MS

export const captureOperations = (world: PayPalWorld): Operation[] => [
  {
    name: 'getCapture',
    method: 'GET',
    path: '/v2/payments/captures/:id',
    handle: ({ params }) => ({ status: 200, body: captureAlone(world, findCapture(world, params.id)) }),
  },
  {
    name: 'refundCapture',
    method: 'POST',
    path: '/v2/payments/captures/:id/refund',
    handle: (request) =>
      world.keys.once(request, { operation: 'refundCapture', keptMs: PAYMENT_KEY_MS }, () => {
        const refund = carryOut(world, readRefund(world, request))
        const answerAgain = (asked: SandboxRequest) => ({
          status: 201,
          body: wantsRepresentation(asked) ? refundOnWire(world, refund) : refundInBrief(world, refund),
        })
        return { first: answerAgain(request), answerAgain }
      }),
  },
  {
    name: 'getRefund',
    method: 'GET',
    path: '/v2/payments/refunds/:id',
    handle: ({ params }) => ({ status: 200, body: refundOnWire(world, findRefund(world, params.id)) }),
  },
]

/** Reads a refund and refuses what PayPal does, in this order. What a seller was paid is given back in the seller's name. */
function readRefund(world: PayPalWorld, request: SandboxRequest): RefundRequest {
  const fields = readFields(request.json())
  const capture = findCapture(world, request.params.id)
  if (actingFor(world, request) !== capture.payee) throw forbidden()
  const left = capture.amount.minor - capture.refundedMinor
  const amount = fields.amount('amount') ?? { currency: capture.amount.currency, minor: left }
  const invoiceId = fields.text('invoice_id', { max: 127 })
  const given = {
    ...{ capture, amount, invoiceId },
    customId: fields.text('custom_id', { max: 127 }),
    noteToPayer: fields.text('note_to_payer', { max: 255 }),
  }
  if (capture.status === 'PENDING') throw unprocessable('PENDING_CAPTURE')
  if (capture.status === 'DECLINED') throw unprocessable('REFUND_NOT_ALLOWED')
  if (capture.status === 'REFUNDED') throw unprocessable('CAPTURE_FULLY_REFUNDED')
  if (amount.currency !== capture.amount.currency) throw unprocessable('REFUND_CAPTURE_CURRENCY_MISMATCH')
  if (world.now() > capture.createdAt + REFUNDABLE_MS) throw unprocessable('REFUND_TIME_LIMIT_EXCEEDED')
  if (amount.minor > left) throw unprocessable('REFUND_AMOUNT_EXCEEDED')
  if (capture.disputeId !== undefined && amount.minor < left) throw unprocessable('TRANSACTION_DISPUTED')
  if (invoiceId !== undefined && isRefundInvoice(world, invoiceId)) throw unprocessable('DUPLICATE_INVOICE_ID')
  return { ...given, platformMinor: readPlatformPart(world, capture, fields) }
}

const isRefundInvoice = ({ refunds }: PayPalWorld, invoiceId: string): boolean =>
  [...refunds.values()].some((each) => each.invoiceId === invoiceId && each.status !== 'FAILED')

function readPlatformPart({ settings }: PayPalWorld, capture: Capture, fields: Fields): bigint | undefined {
  const [fee] = fields.object('payment_instruction')?.list('platform_fees', { min: 0, max: 1 }) ?? []
  if (fee === undefined) return undefined
  const { minor } = fee.requiredAmount('amount')
  if (!settings.platformFeeRefunds) throw unprocessable('PLATFORM_FEE_NOT_ENABLED')
  const left = (capture.platformFee?.amount.minor ?? 0n) - capture.platformRefundedMinor
  if (minor > left) throw unprocessable('PLATFORM_FEE_EXCEEDED')
  return minor
}

/** A whole refund ends the dispute about a payment: what was kept for it is free again to pay it. */
function carryOut(world: PayPalWorld, request: RefundRequest) {
  const dispute = world.disputes.get(request.capture.disputeId ?? '')
  if (dispute === undefined) return makeRefund(world, request)
  const takeBack = releaseDisputed(world, dispute)
  try {
    const refund = makeRefund(world, request)
    resolveInFavourOfBuyer(world, dispute)
    return refund
  } catch (error) {
    takeBack()
    throw error
  }
}
