import type { CallContext, CallOutcome, PayoutCall } from 'escrow-ledger'
import { type Answer, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { instantAt, linkOf, listAt, requiredText, textAt, valueAt } from './json-path.js'
import { outcomeOfFailure, outcomeOfQuestion } from './outcome.js'
import { feeOf } from './payment.js'
import { plainRequest } from './plain-request.js'
import { idInLink, resourceId } from './resource-id.js'
import { moneyAt, payoutMoney } from './wire-money.js'

const path = '/v1/payments/payouts'

/**
 * Pays a payee out of PayPal's balance: a batch of one item, whose `sender_batch_id`, unique for 30 days, is the key.
 * Asked for again, PayPal refuses it and says which batch was the first.
 */
export async function sendPayout(api: PayPalApi, call: PayoutCall, context: CallContext): Promise<CallOutcome> {
  const { key, amount, destination } = call
  if (destination === null) return { outcome: 'waiting', reason: 'it is not known yet where PayPal pays the payee' }
  const item = { ...recipientOf(destination), amount: payoutMoney(amount), sender_item_id: key }
  const body = { sender_batch_header: { sender_batch_id: key }, items: [item] }
  const headers = { 'PayPal-Request-Id': key }
  const answer = await api.call(context, plainRequest({ method: 'POST', path, headers, body }))
  const batch = isSuccess(answer) ? requiredText(answer.body, 'batch_header', 'payout_batch_id') : firstBatch(answer)
  if (batch === null) return outcomeOfFailure(answer)
  return isSuccess(answer) ? { outcome: 'accepted', reference: batch } : askBatch(api, batch, context)
}

/** Who is paid: an e-mail address, a telephone number with its country's code, or PayPal's id of an account. */
function recipientOf(destination: string) {
  if (destination.includes('@')) return { recipient_type: 'EMAIL', receiver: destination }
  if (destination.startsWith('+')) return { recipient_type: 'PHONE', receiver: destination }
  return { recipient_type: 'PAYPAL_ID', receiver: destination }
}

/** The batch that PayPal names when its `sender_batch_id` comes again. */
function firstBatch({ body }: Answer): string | null {
  for (const detail of listAt(body, 'details')) {
    if (textAt(detail, 'field')?.toUpperCase() !== 'SENDER_BATCH_ID') continue
    const links = { links: valueAt(detail, 'link') ?? valueAt(detail, 'links') }
    return (
      idInLink(linkOf(links, 'self'), 'payouts') ??
      idInLink(linkOf({ links: listAt(body, 'links') }, 'self'), 'payouts')
    )
  }
  return null
}

/** Asks about a payout, by PayPal's id of its batch. */
export async function askPayout(api: PayPalApi, call: PayoutCall, context: CallContext): Promise<CallOutcome> {
  if (call.reference !== null) return askBatch(api, call.reference, context)
  return { outcome: 'unknown', reason: 'PayPal finds payouts by its own ids only, and none is known' }
}

async function askBatch(api: PayPalApi, reference: string, context: CallContext): Promise<CallOutcome> {
  const at = `${path}/${resourceId(reference, 'reference')}`
  const answer = await api.call(context, plainRequest({ method: 'GET', path: at }))
  return isSuccess(answer) ? outcomeOfBatch(answer.body, reference) : outcomeOfQuestion(answer)
}

function outcomeOfBatch(batch: unknown, reference: string): CallOutcome {
  const [item] = listAt(batch, 'items')
  if (item !== undefined) return outcomeOfItem(item, reference)
  const status = requiredText(batch, 'batch_header', 'batch_status')
  if (status === 'DENIED' || status === 'CANCELED') {
    const reason = textAt(batch, 'batch_header', 'errors', 'message') ?? `the batch is ${status}`
    return { outcome: 'refused', code: textAt(batch, 'batch_header', 'errors', 'name') ?? status, reason }
  }
  return { outcome: 'accepted', reference }
}

/** What was taken back from a receiver, or never claimed, had left the balance and is there again. */
function outcomeOfItem(item: unknown, reference: string): CallOutcome {
  const status = requiredText(item, 'transaction_status')
  const reason = textAt(item, 'errors', 'message') ?? `the payout is ${status}`
  switch (status) {
    case 'SUCCESS': {
      const fee = feeOf(moneyAt(item, 'payout_item_fee')) ?? undefined
      return { outcome: 'processed', reference, at: instantAt(item, 'time_processed'), fee }
    }
    case 'PENDING':
    case 'ONHOLD':
    case 'UNCLAIMED':
    case 'NEW':
      return { outcome: 'accepted', reference }
    case 'FAILED':
    case 'BLOCKED':
    case 'DENIED':
    case 'CANCELED':
      return { outcome: 'refused', code: textAt(item, 'errors', 'name') ?? status, reason }
    case 'RETURNED':
    case 'REFUNDED':
    case 'REVERSED':
      return { outcome: 'reversed', reference, reason: `${status}: ${reason}` }
    default:
      return { outcome: 'unknown', reason: `payout ${reference} is ${status}, which is not known` }
  }
}
