import type { Capture } from './capture.js'
import { payeeOnWire } from './merchant.js'
import { type ExchangeRate, type Money, onWire, rateOnWire } from './money.js'
import { instant, link, type PayPalWorld } from './paypal-world.js'
import { notFound } from './refusal.js'

export interface Refund {
  readonly id: string
  readonly capture: Capture
  readonly amount: Money
  status: 'COMPLETED' | 'PENDING' | 'FAILED'
  readonly customId?: string | undefined
  readonly invoiceId?: string | undefined
  readonly noteToPayer?: string | undefined
  /** What the platform gave back of its fee, in the currency of the payment. */
  readonly platformMinor: bigint
  /** What it cost the payee, in the currency that it got. */
  readonly payable: Money
  readonly rate?: ExchangeRate | undefined
  /** All refunds of the capture up to this one. */
  readonly totalRefundedMinor: bigint
  readonly createdAt: number
  updatedAt: number
}

/** The refund of an id. Refuses one that is not there. */
export function findRefund({ refunds }: PayPalWorld, id = ''): Refund {
  const refund = refunds.get(id)
  if (refund === undefined) throw notFound()
  return refund
}

export function refundOnWire(world: PayPalWorld, refund: Refund) {
  return {
    id: refund.id,
    status: refund.status,
    ...(refund.status === 'PENDING' ? { status_details: { reason: 'ECHECK' } } : {}),
    amount: onWire(refund.amount),
    invoice_id: refund.invoiceId,
    custom_id: refund.customId,
    note_to_payer: refund.noteToPayer,
    seller_payable_breakdown: breakdown(refund),
    payer: payeeOnWire(refund.capture.payee),
    create_time: instant(refund.createdAt),
    update_time: instant(refund.updatedAt),
    links: refundLinks(world, refund),
  }
}

export const refundInBrief = (world: PayPalWorld, refund: Refund) => ({
  id: refund.id,
  status: refund.status,
  links: refundLinks(world, refund),
})

const refundLinks = (world: PayPalWorld, { id, capture }: Refund) => [
  link(world, 'self', `/v2/payments/refunds/${id}`),
  link(world, 'up', `/v2/payments/captures/${capture.id}`),
]

/** PayPal keeps its fee of the payment, so that the fee of a refund is zero. */
function breakdown({ amount, capture, platformMinor, payable, rate, totalRefundedMinor }: Refund) {
  const { currency } = amount
  const net = { currency, minor: amount.minor - platformMinor }
  const { platformFee } = capture
  return {
    gross_amount: onWire(amount),
    paypal_fee: onWire({ currency, minor: 0n }),
    ...(platformFee === undefined
      ? {}
      : {
          platform_fees: [
            { amount: onWire({ currency, minor: platformMinor }), payee: payeeOnWire(platformFee.payee) },
          ],
        }),
    net_amount: onWire(net),
    ...(rate === undefined
      ? {}
      : {
          net_amount_in_receivable_currency: onWire(payable),
          net_amount_breakdown: [
            { payable_amount: onWire(payable), converted_amount: onWire(net), exchange_rate: rateOnWire(rate) },
          ],
        }),
    total_refunded_amount: onWire({ currency, minor: totalRefundedMinor }),
  }
}
