import type { Dispute } from './records.js'
import { toSubunits } from './subunits.js'

/** What evidence consists of, besides the amount and the summary: lists of document ids. */
export const proofs = [
  ...['shipping_proof', 'billing_proof', 'cancellation_proof', 'customer_communication', 'proof_of_service'],
  ...['explanation_letter', 'refund_confirmation', 'access_activity_log', 'refund_cancellation_policy'],
  ...['term_and_conditions', 'others'],
]

/** A dispute as Razorpay's API gives it. */
export const disputeEntity = (dispute: Dispute) => ({
  id: dispute.id,
  entity: 'dispute',
  payment_id: dispute.paymentId,
  amount: toSubunits(dispute.amountMinor),
  currency: dispute.currency,
  amount_deducted: toSubunits(dispute.amountDeductedMinor),
  reason_code: dispute.reasonCode,
  respond_by: dispute.respondBy,
  status: dispute.status,
  phase: dispute.phase,
  created_at: dispute.createdAt,
  evidence: {
    amount: toSubunits(dispute.amountMinor),
    summary: null,
    ...Object.fromEntries(proofs.map((proof) => [proof, null])),
    ...dispute.evidence,
    submitted_at: dispute.submittedAt,
  },
})
