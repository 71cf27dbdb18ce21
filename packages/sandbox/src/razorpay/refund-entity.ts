import { notesEntity } from './fields.js'
import type { Refund } from './records.js'
import { toSubunits } from './subunits.js'

/** A refund as Razorpay's API gives it. */
export const refundEntity = (refund: Refund) => ({
  id: refund.id,
  entity: 'refund',
  amount: toSubunits(refund.amountMinor),
  currency: refund.currency,
  payment_id: refund.paymentId,
  notes: notesEntity(refund.notes),
  receipt: refund.receipt,
  acquirer_data: { arn: refund.arn },
  created_at: refund.createdAt,
  batch_id: null,
  status: refund.status,
  speed_processed: refund.speedProcessed,
  speed_requested: refund.speedRequested,
})
