import type { CallContext, Money } from 'escrow-ledger'
import { isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { instantAt, linkOf, listAt, requiredText, textAt } from './json-path.js'
import { multipart } from './multipart.js'
import { unexpected } from './outcome.js'
import { plainRequest } from './plain-request.js'
import { resourceId } from './resource-id.js'
import { moneyAt, requiredMoney } from './wire-money.js'

/** A payer's complaint about a payment. */
export interface PayPalDispute {
  readonly reference: string
  /** The payment; null in lists, which do not name it. */
  readonly payment: string | null
  readonly amount: Money
  /** In PayPal's words, such as `MERCHANDISE_OR_SERVICE_NOT_RECEIVED`. */
  readonly reason: string | null
  /** In PayPal's words, such as `WAITING_FOR_SELLER_RESPONSE`, `RESOLVED`. */
  readonly status: string
  /** `INQUIRY`, `CHARGEBACK` and on. */
  readonly stage: string | null
  /** In PayPal's words, such as `RESOLVED_BUYER_FAVOUR`; null until it is resolved. */
  readonly outcome: string | null
  /** What went back to the payer; null until that is told. */
  readonly refunded: Money | null
  /** Until when the seller must answer; null where nobody waits for it. */
  readonly answerBy: number | null
  readonly at: number
}

/** One thing that speaks for the seller. Files cannot be sent along: PayPal's Resolution Center takes them. */
export interface DisputeEvidence {
  /** In PayPal's words, such as `PROOF_OF_FULFILLMENT`. */
  readonly evidence_type: string
  readonly evidence_info?: Readonly<Record<string, unknown>> | undefined
  readonly notes?: string | undefined
  readonly item_id?: string | undefined
}

export interface PayPalDisputes {
  /** Null where there is none by that reference. */
  fetch(reference: string, context: CallContext): Promise<PayPalDispute | null>
  /** Newest first: of the last 180 days, unless it is said after which change, in milliseconds since 1970. */
  list(
    filter: { readonly payment?: string | undefined; readonly changedAfter?: number | undefined },
    context: CallContext,
  ): AsyncIterable<PayPalDispute>
  /** Lets the payer have the money. Throws where PayPal does not take it, as when the dispute is resolved. */
  accept(reference: string, answer: { readonly note?: string | undefined }, context: CallContext): Promise<void>
  /** Answers the payer's claim. Throws where PayPal does not take it. */
  contest(reference: string, evidences: readonly DisputeEvidence[], context: CallContext): Promise<void>
}

const path = '/v1/customer/disputes'

export function createDisputes(api: PayPalApi): PayPalDisputes {
  const post = async (at: string, input: object, context: CallContext) => {
    const answer = await api.call(context, plainRequest({ method: 'POST', path: at, ...multipart('input', input) }))
    if (!isSuccess(answer)) throw unexpected(answer)
  }
  return {
    async fetch(reference, context) {
      const dispute = await fetchDispute(api, reference, context)
      return dispute === null ? null : disputeOf(dispute)
    },
    list: (filter, context) => listDisputes(api, filter, context),
    accept: (reference, { note = 'The claim is accepted.' }, context) =>
      post(`${path}/${resourceId(reference, 'dispute')}/accept-claim`, { note, accept_claim_type: 'REFUND' }, context),
    contest: (reference, evidences, context) =>
      post(`${path}/${resourceId(reference, 'dispute')}/provide-evidence`, { evidences }, context),
  }
}

/** A dispute as PayPal tells it; null where there is none by that reference. */
export async function fetchDispute(api: PayPalApi, reference: string, context: CallContext): Promise<unknown> {
  const at = `${path}/${resourceId(reference, 'dispute')}`
  const answer = await api.call(context, plainRequest({ method: 'GET', path: at }))
  if (answer.status === 404) return null
  if (!isSuccess(answer)) throw unexpected(answer)
  return answer.body
}

export async function* listDisputes(
  api: PayPalApi,
  { payment, changedAfter }: Parameters<PayPalDisputes['list']>[0],
  context: CallContext,
): AsyncGenerator<PayPalDispute> {
  let token: string | undefined
  do {
    const query = {
      page_size: '50',
      disputed_transaction_id: payment === undefined ? undefined : resourceId(payment, 'payment'),
      update_time_after: changedAfter === undefined ? undefined : new Date(changedAfter).toISOString(),
      next_page_token: token,
    }
    const answer = await api.call(context, plainRequest({ method: 'GET', path, query }))
    if (!isSuccess(answer)) throw unexpected(answer)
    for (const item of listAt(answer.body, 'items')) yield disputeOf(item)
    token = tokenIn(linkOf(answer.body, 'next'))
  } while (token !== undefined)
}

/** Only the token of the address of the next page is used: requests go where they were meant to go. */
function tokenIn(href: string | null): string | undefined {
  if (href === null || !URL.canParse(href)) return undefined
  return new URL(href).searchParams.get('next_page_token') ?? undefined
}

function disputeOf(body: unknown): PayPalDispute {
  const reference = requiredText(body, 'dispute_id')
  const at = instantAt(body, 'create_time')
  if (at === undefined) throw new Error(`PayPal does not tell when dispute ${reference} was opened`)
  return {
    reference,
    payment: textAt(body, 'disputed_transactions', 0, 'seller_transaction_id'),
    amount: requiredMoney(body, 'dispute_amount'),
    reason: textAt(body, 'reason'),
    status: requiredText(body, 'status'),
    stage: textAt(body, 'dispute_life_cycle_stage'),
    outcome: textAt(body, 'dispute_outcome', 'outcome_code'),
    refunded: moneyAt(body, 'dispute_outcome', 'amount_refunded'),
    answerBy: instantAt(body, 'seller_response_due_date') ?? null,
    at,
  }
}
