import type { CallContext, CallOutcome, TransferCall } from 'escrow-ledger'
import type { PayPalApi } from './api.js'
import { fetchPayment } from './payments.js'

/** Asks about what a seller got of a payment, which came with it: it is there when the payment is. */
export async function askTransfer(api: PayPalApi, call: TransferCall, context: CallContext): Promise<CallOutcome> {
  if (call.payment === null) return { outcome: 'absent' }
  const payment = await fetchPayment(api, call.payment, context)
  if (payment?.state !== 'captured' || !payment.payeePart) return { outcome: 'absent' }
  return { outcome: 'processed', reference: payment.reference, at: payment.at }
}
