import { notesEntity } from './fields.js'
import type { Payment, PaymentMethod } from './records.js'
import { toSubunits } from './subunits.js'

/** A payment as Razorpay's API gives it. */
export function paymentEntity(payment: Payment) {
  const { amountMinor, currency, status, error } = payment
  const international = currency !== 'INR'
  return {
    id: payment.id,
    entity: 'payment',
    amount: toSubunits(amountMinor),
    currency,
    base_amount: toSubunits(payment.baseMinor),
    ...(international ? { base_currency: 'INR' } : {}),
    status,
    order_id: payment.orderId,
    invoice_id: null,
    international,
    method: payment.method,
    amount_refunded: toSubunits(payment.amountRefundedMinor),
    amount_transferred: toSubunits(payment.amountTransferredMinor),
    refund_status: refundStatus(payment),
    captured: payment.captured,
    description: null,
    ...instrumentOf(payment.method),
    email: 'payer@example.com',
    contact: '+919999999999',
    notes: notesEntity(payment.notes),
    fee: payment.feeMinor === null ? null : toSubunits(payment.feeMinor),
    tax: payment.taxMinor === null ? null : toSubunits(payment.taxMinor),
    error_code: error?.code ?? null,
    error_description: error?.description ?? null,
    error_source: error?.source ?? null,
    error_step: error?.step ?? null,
    error_reason: error?.reason ?? null,
    acquirer_data: { ...acquirerData(payment.method, status) },
    created_at: payment.createdAt,
  }
}

function refundStatus({ amountRefundedMinor, amountMinor }: Payment): 'partial' | 'full' | null {
  if (amountRefundedMinor === 0n) return null
  return amountRefundedMinor === amountMinor ? 'full' : 'partial'
}

const instrumentOf = (method: PaymentMethod) => ({
  card_id: method === 'card' ? 'card_Sandbox0000000' : null,
  bank: method === 'netbanking' ? 'HDFC' : null,
  wallet: method === 'wallet' ? 'payzapp' : null,
  vpa: method === 'upi' ? 'payer@exampleupi' : null,
})

function acquirerData(method: PaymentMethod, status: Payment['status']) {
  const reference = status === 'failed' ? null : '033814379298'
  if (method === 'upi') return { rrn: reference }
  if (method === 'netbanking') return { bank_transaction_id: reference }
  return method === 'wallet' ? { transaction_id: reference } : { auth_code: reference }
}
