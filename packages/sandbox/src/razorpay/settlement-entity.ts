import type { Settlement } from './records.js'
import { toSubunits } from './subunits.js'

/** A settlement as Razorpay's API gives it. */
export const settlementEntity = (settlement: Settlement) => ({
  id: settlement.id,
  entity: 'settlement',
  amount: toSubunits(settlement.amountMinor),
  status: 'processed',
  fees: toSubunits(settlement.feeMinor),
  tax: toSubunits(settlement.taxMinor),
  utr: settlement.utr,
  created_at: settlement.createdAt,
})
