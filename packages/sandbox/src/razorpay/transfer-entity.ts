import { notesEntity } from './fields.js'
import type { Reversal, Transfer } from './records.js'
import { toSubunits } from './subunits.js'

/** A transfer as Razorpay's API gives it. */
export const transferEntity = (transfer: Transfer) => ({
  id: transfer.id,
  entity: 'transfer',
  status: transfer.status,
  source: transfer.source,
  recipient: transfer.recipient,
  amount: toSubunits(transfer.amountMinor),
  currency: 'INR',
  amount_reversed: toSubunits(transfer.amountReversedMinor),
  fees: toSubunits(transfer.feeMinor),
  tax: transfer.processedAt === null ? null : toSubunits(transfer.taxMinor),
  notes: notesEntity(transfer.notes),
  linked_account_notes: transfer.linkedAccountNotes,
  on_hold: transfer.onHold,
  on_hold_until: transfer.onHoldUntil,
  settlement_status: settlementStatus(transfer),
  recipient_settlement_id: transfer.settlementId,
  created_at: transfer.createdAt,
  processed_at: transfer.processedAt,
  error: {
    code: transfer.error?.code ?? null,
    description: transfer.error?.description ?? null,
    reason: transfer.error?.reason ?? null,
    field: null,
    step: null,
    id: transfer.id,
    source: null,
    metadata: null,
  },
})

function settlementStatus({ processedAt, settlementId, onHold }: Transfer): 'pending' | 'on_hold' | 'settled' | null {
  if (processedAt === null) return null
  if (settlementId !== null) return 'settled'
  return onHold ? 'on_hold' : 'pending'
}

/** A reversal as Razorpay's API gives it. */
export const reversalEntity = (reversal: Reversal, accountId: string) => ({
  id: reversal.id,
  entity: 'reversal',
  transfer_id: reversal.transferId,
  amount: toSubunits(reversal.amountMinor),
  fee: 0,
  tax: 0,
  currency: 'INR',
  notes: notesEntity(reversal.notes),
  initiator_id: accountId.replace('acc_', ''),
  customer_refund_id: reversal.customerRefundId,
  utr: null,
  created_at: reversal.createdAt,
})
