import type { Capture } from './capture.js'
import { type Money, onWire } from './money.js'
import { instant, link, type PayPalWorld } from './paypal-world.js'

/** A payer's complaint about a payment. */
export interface Dispute {
  readonly id: string
  readonly capture: Capture
  readonly amount: Money
  readonly reason: string
  status: 'OPEN' | 'WAITING_FOR_BUYER_RESPONSE' | 'WAITING_FOR_SELLER_RESPONSE' | 'UNDER_REVIEW' | 'RESOLVED'
  readonly stage: 'INQUIRY' | 'CHARGEBACK'
  outcome?: 'RESOLVED_BUYER_FAVOUR' | 'RESOLVED_SELLER_FAVOUR'
  /** What is kept of the payee's balance until it is resolved, in the currency that the payee got. */
  keptMinor: bigint
  /** What was taken for the payer, in the currency that the payee got, and when. */
  taken?: { readonly amount: Money; readonly at: number }
  readonly evidences: object[]
  readonly sellerDueAt: number
  readonly createdAt: number
  updatedAt: number
}

const states = {
  OPEN: 'OPEN_INQUIRIES',
  WAITING_FOR_BUYER_RESPONSE: 'REQUIRED_OTHER_PARTY_ACTION',
  WAITING_FOR_SELLER_RESPONSE: 'REQUIRED_ACTION',
  UNDER_REVIEW: 'UNDER_PAYPAL_REVIEW',
  RESOLVED: 'RESOLVED',
} as const

export const stateOf = ({ status }: Dispute) => states[status]

/** A dispute as a list shows it. */
export const disputeInList = (world: PayPalWorld, dispute: Dispute) => ({
  dispute_id: dispute.id,
  create_time: precise(dispute.createdAt),
  update_time: precise(dispute.updatedAt),
  reason: dispute.reason,
  status: dispute.status,
  dispute_state: stateOf(dispute),
  dispute_amount: onWire(dispute.amount),
  dispute_life_cycle_stage: dispute.stage,
  dispute_channel: 'INTERNAL',
  ...(dispute.status === 'WAITING_FOR_SELLER_RESPONSE'
    ? { seller_response_due_date: precise(dispute.sellerDueAt) }
    : {}),
  links: [link(world, 'self', `/v1/customer/disputes/${dispute.id}`)],
})

export function disputeOnWire(world: PayPalWorld, dispute: Dispute) {
  const { capture, outcome, amount } = dispute
  const isOurTurn = dispute.status === 'WAITING_FOR_SELLER_RESPONSE'
  const path = `/v1/customer/disputes/${dispute.id}`
  const { dispute_state: _, ...head } = disputeInList(world, dispute)
  return {
    ...head,
    disputed_transactions: [
      {
        seller_transaction_id: capture.id,
        reference_id: capture.orderId,
        create_time: precise(capture.createdAt),
        transaction_status: capture.status,
        gross_amount: onWire(capture.amount),
        invoice_number: capture.invoiceId,
        custom: capture.customId,
        buyer: { name: 'John Doe' },
        seller: { email: capture.payee.email, merchant_id: capture.payee.merchantId, name: capture.payee.merchantId },
      },
    ],
    ...(outcome === undefined
      ? {}
      : {
          dispute_outcome: {
            outcome_code: outcome,
            ...(outcome === 'RESOLVED_BUYER_FAVOUR' ? { amount_refunded: onWire(amount) } : {}),
          },
        }),
    ...(dispute.taken === undefined
      ? {}
      : {
          money_movements: [
            {
              affected_party: 'SELLER',
              amount: onWire(dispute.taken.amount),
              initiated_time: precise(dispute.taken.at),
              type: 'DEBIT',
              reason: 'DISPUTE_SETTLEMENT',
            },
          ],
        }),
    ...(dispute.evidences.length === 0 ? {} : { evidences: dispute.evidences }),
    ...(isOurTurn ? { allowed_response_options: { accept_claim: { accept_claim_types: ['REFUND'] } } } : {}),
    links: [
      link(world, 'self', path),
      ...(isOurTurn
        ? [
            link(world, 'accept_claim', `${path}/accept-claim`, 'POST'),
            link(world, 'provide_evidence', `${path}/provide-evidence`, 'POST'),
          ]
        : []),
    ],
  }
}

/** This API writes thousandths of seconds. */
const precise = (at: number): string => instant(at).replace('Z', '.000Z')
