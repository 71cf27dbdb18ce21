import type { Merchant } from './merchant.js'
import { payeeOnWire } from './merchant.js'
import { type ExchangeRate, type Money, onWire, rateOnWire } from './money.js'
import { instant, link, type PayPalWorld } from './paypal-world.js'
import type { PlatformFee } from './purchase-unit.js'
import { notFound } from './refusal.js'

/** What became of a captured amount. */
export interface Proceeds {
  readonly fee: Money
  readonly net: Money
  readonly platformFee?: PlatformFee | undefined
  /** What the payee got, where it does not hold the currency of the payment. */
  readonly received?: { readonly amount: Money; readonly rate: ExchangeRate } | undefined
}

export interface Capture {
  readonly id: string
  readonly orderId: string
  readonly authorizationId?: string | undefined
  readonly payee: Merchant
  readonly amount: Money
  status: 'COMPLETED' | 'PENDING' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'REFUNDED'
  /** Why it is pending or was declined. */
  reason?: string | undefined
  readonly finalCapture: boolean
  readonly disbursementMode: 'INSTANT' | 'DELAYED'
  readonly platformFee?: PlatformFee | undefined
  readonly customId?: string | undefined
  readonly invoiceId?: string | undefined
  /** Undefined while it is pending. */
  proceeds?: Proceeds | undefined
  /** What the payee will get when it is disbursed, in the currency that it gets it in. */
  heldMinor: bigint
  /** When it is disbursed at the latest. */
  disburseBy?: number | undefined
  refundedMinor: bigint
  /** What the platform gave back of its fee. */
  platformRefundedMinor: bigint
  disputeId?: string | undefined
  readonly createdAt: number
  updatedAt: number
}

/** The capture of an id. Refuses one that is not there. */
export function findCapture({ captures }: PayPalWorld, id = ''): Capture {
  const capture = captures.get(id)
  if (capture === undefined) throw notFound()
  return capture
}

export function captureOnWire(world: PayPalWorld, capture: Capture) {
  const { proceeds, status, reason } = capture
  return {
    id: capture.id,
    status,
    ...(reason === undefined ? {} : { status_details: { reason } }),
    amount: onWire(capture.amount),
    final_capture: capture.finalCapture,
    disbursement_mode: capture.disbursementMode,
    seller_protection: {
      status: 'ELIGIBLE',
      dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'],
    },
    ...(proceeds === undefined ? {} : { seller_receivable_breakdown: breakdown(capture.amount, proceeds) }),
    invoice_id: capture.invoiceId,
    custom_id: capture.customId,
    create_time: instant(capture.createdAt),
    update_time: instant(capture.updatedAt),
    links: captureLinks(world, capture),
  }
}

/** A capture by itself, not among those of its order: it names its payee too. */
export const captureAlone = (world: PayPalWorld, capture: Capture) => ({
  ...captureOnWire(world, capture),
  payee: payeeOnWire(capture.payee),
})

export const captureInBrief = (world: PayPalWorld, capture: Capture) => ({
  id: capture.id,
  status: capture.status,
  ...(capture.reason === undefined ? {} : { status_details: { reason: capture.reason } }),
  links: captureLinks(world, capture),
})

const captureLinks = (world: PayPalWorld, { id, orderId, authorizationId }: Capture) => [
  link(world, 'self', `/v2/payments/captures/${id}`),
  link(world, 'refund', `/v2/payments/captures/${id}/refund`, 'POST'),
  authorizationId === undefined
    ? link(world, 'up', `/v2/checkout/orders/${orderId}`)
    : link(world, 'up', `/v2/payments/authorizations/${authorizationId}`),
]

function breakdown(gross: Money, { fee, net, platformFee, received }: Proceeds) {
  return {
    gross_amount: onWire(gross),
    paypal_fee: onWire(fee),
    ...(platformFee === undefined
      ? {}
      : { platform_fees: [{ amount: onWire(platformFee.amount), payee: payeeOnWire(platformFee.payee) }] }),
    net_amount: onWire(net),
    ...(received === undefined
      ? {}
      : { receivable_amount: onWire(received.amount), exchange_rate: rateOnWire(received.rate) }),
  }
}
