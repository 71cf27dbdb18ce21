import type { BatchOutcome, CallContext, CallOutcome, PayoutBatch, PayoutBatches, PayoutPage } from 'escrow-ledger'
import { type Answer, isSuccess } from './answer.js'
import { NotSent, type PayPalApi } from './api.js'
import { linkOf, listAt, requiredText, textAt, valueAt } from './json-path.js'
import { outcomeOfFailure, outcomeOfQuestion } from './outcome.js'
import { isDenied, outcomeOfItem } from './payout-item.js'
import { itemNamed, partOfExchange } from './payout-parts.js'
import { plainRequest } from './plain-request.js'
import { idInLink, resourceId } from './resource-id.js'
import { payoutMoney } from './wire-money.js'

const path = '/v1/payments/payouts'
/** PayPal's own limit. */
const MOST_ITEMS = 15_000
const PAGE_SIZE = 1_000

/** Payouts in batches of one currency, whose `sender_batch_id`, unique for 30 days, is the batch's key. */
export function createPayoutBatches(api: PayPalApi): PayoutBatches {
  return {
    maximum: MOST_ITEMS,
    async send(batch, context) {
      try {
        return (await sendBatch(api, batch, context)).outcome
      } catch (error) {
        if (error instanceof NotSent) return { outcome: 'waiting', reason: error.message, partly: false }
        throw error
      }
    },
    read: (of, context) => readPage(api, of, context),
    partOf: partOfExchange,
  }
}

/** Asked for again, PayPal refuses it and says which batch was the first: `repeated`. */
export async function sendBatch(
  api: PayPalApi,
  { key, payouts }: PayoutBatch,
  context: CallContext,
): Promise<{ readonly outcome: BatchOutcome; readonly repeated: boolean }> {
  const items = payouts.map(({ destination, amount, key: itemKey }) => ({
    ...recipientOf(destination ?? ''),
    amount: payoutMoney(amount),
    sender_item_id: itemKey,
  }))
  const body = { sender_batch_header: { sender_batch_id: key }, items }
  const headers = { 'PayPal-Request-Id': key }
  const answer = await api.call(context, plainRequest({ method: 'POST', path, headers, body }))
  if (isSuccess(answer)) {
    const reference = requiredText(answer.body, 'batch_header', 'payout_batch_id')
    return { outcome: { outcome: 'accepted', reference }, repeated: false }
  }
  const repeat = repeatOf(answer)
  if (repeat === null) return { outcome: outcomeOfRefusal(answer, payouts), repeated: false }
  const reason = 'PayPal has a batch of this key and does not say which'
  return {
    outcome: repeat.first === null ? { outcome: 'unknown', reason } : { outcome: 'accepted', reference: repeat.first },
    repeated: true,
  }
}

/** Who is paid: an e-mail address, a telephone number with its country's code, or PayPal's id of an account. */
function recipientOf(destination: string) {
  if (destination.includes('@')) return { recipient_type: 'EMAIL', receiver: destination }
  if (destination.startsWith('+')) return { recipient_type: 'PHONE', receiver: destination }
  return { recipient_type: 'PAYPAL_ID', receiver: destination }
}

/** The batch that PayPal names when its `sender_batch_id` comes again; null where it complains of something else. */
function repeatOf({ body }: Answer): { readonly first: string | null } | null {
  for (const detail of listAt(body, 'details')) {
    if (textAt(detail, 'field')?.toUpperCase() !== 'SENDER_BATCH_ID') continue
    const links = { links: valueAt(detail, 'link') ?? valueAt(detail, 'links') }
    const named = idInLink(linkOf(links, 'self'), 'payouts')
    return { first: named ?? idInLink(linkOf({ links: listAt(body, 'links') }, 'self'), 'payouts') }
  }
  return null
}

/** Balances and restrictions, unlike limits of rate and missing permissions, may leave room for a part of the batch. */
function outcomeOfRefusal(answer: Answer, payouts: PayoutBatch['payouts']): BatchOutcome {
  const outcome = outcomeOfFailure(answer)
  if (outcome.outcome === 'refused') return { ...outcome, because: causesOf(answer, payouts) }
  if (outcome.outcome === 'waiting') return { ...outcome, partly: ![401, 403, 429].includes(answer.status) }
  const reason = 'reason' in outcome ? outcome.reason : `PayPal answered with status ${answer.status}`
  return { outcome: 'unknown', reason, retryAt: answer.retryAt }
}

/** The keys of the items that PayPal finds at fault, by fields such as `items[3].receiver` and `/items/3/amount`. */
function causesOf({ body }: Answer, payouts: PayoutBatch['payouts']): readonly string[] {
  const named = listAt(body, 'details').flatMap((detail) => {
    const index = itemNamed(textAt(detail, 'field'))
    const key = index === null ? undefined : payouts[index]?.key
    return key === undefined ? [] : [key]
  })
  return [...new Set(named)]
}

async function readPage(
  api: PayPalApi,
  { reference, page }: { readonly reference: string; readonly page: number },
  context: CallContext,
): Promise<PayoutPage> {
  const at = `${path}/${resourceId(reference, 'reference')}`
  const query = { page: String(page), page_size: String(PAGE_SIZE) }
  const answer = await api.call(context, plainRequest({ method: 'GET', path: at, query }))
  if (!isSuccess(answer)) {
    const { reason, retryAt } = outcomeOfQuestion(answer)
    return { outcome: 'unknown', reason, retryAt }
  }
  const { body } = answer
  const batchStatus = requiredText(body, 'batch_header', 'batch_status')
  const items = listAt(body, 'items')
  const payouts = new Map(
    items.flatMap((item) => {
      const key = textAt(item, 'payout_item', 'sender_item_id')
      return key === null ? [] : [[key, outcomeOfItem(item, { reference, batchStatus })] as const]
    }),
  )
  const more = items.length > 0 && (linkOf(body, 'next') !== null || items.length >= PAGE_SIZE)
  // A batch has payouts: where none is told of it, that says nothing about them.
  const isBlank = page === 1 && items.length === 0 && batchStatus === 'SUCCESS'
  const others = isBlank
    ? ({ outcome: 'accepted', reference } as const)
    : outcomeOfOthers(body, { reference, batchStatus })
  return { outcome: 'read', payouts, others, more }
}

/** Of a payout that stands on no page: none do before PayPal has begun with the batch, or where it denied all of it. */
function outcomeOfOthers(
  body: unknown,
  { reference, batchStatus }: { readonly reference: string; readonly batchStatus: string },
): CallOutcome {
  if (isDenied(batchStatus)) {
    const reason = textAt(body, 'batch_header', 'errors', 'message') ?? `the batch is ${batchStatus}`
    return { outcome: 'refused', code: textAt(body, 'batch_header', 'errors', 'name') ?? batchStatus, reason }
  }
  return batchStatus === 'SUCCESS' ? { outcome: 'absent' } : { outcome: 'accepted', reference }
}
