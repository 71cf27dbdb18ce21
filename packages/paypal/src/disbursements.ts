import { PaymentsController } from '@paypal/paypal-server-sdk'
import type { CallContext, CallOutcome, Money, ReleaseCall } from 'escrow-ledger'
import { type Answer, hasIssue, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { requiredText, textAt } from './json-path.js'
import { outcomeOfFailure, outcomeOfQuestion, unexpected } from './outcome.js'
import { plainRequest } from './plain-request.js'
import { resourceId } from './resource-id.js'
import { moneyAt } from './wire-money.js'

const path = '/v1/payments/referenced-payouts-items'

/** So long after its capture PayPal disburses what is held by itself, asked for or not. */
export const LONGEST_HOLD_MS = 28 * 86_400_000

/** What a seller got of a payment that was held for it (`disbursement: 'DELAYED'`). */
export interface Disbursement {
  readonly reference: string
  /** The payment. */
  readonly payment: string
  readonly state: 'pending' | 'processed' | 'failed'
  /** What was disbursed; null where PayPal does not tell. */
  readonly amount: Money | null
  /** Why it failed; null where it has not. */
  readonly reason: string | null
}

/**
 * Has what is held of a payment disbursed to its seller, by a referenced payout. The transfer that it releases came with the
 * payment, and is called as that is.
 */
export async function sendRelease(api: PayPalApi, call: ReleaseCall, context: CallContext): Promise<CallOutcome> {
  const payment = resourceId(call.transfer, 'transfer')
  const answer = await requestDisbursement(api, { payment, key: call.key }, context)
  if (isSuccess(answer)) return outcomeOfDisbursement(disbursementOf(answer.body))
  // It can be disbursed only once, so that whoever asked for it first, or the end of the 28 days, has done this.
  if (hasIssue(answer, 'ALREADY_DISBURSED')) return { outcome: 'processed', reference: payment }
  const isInstant = answer.status === 422 && (await wasInstant(api, payment, context))
  return isInstant ? { outcome: 'processed', reference: payment } : outcomeOfFailure(answer)
}

/** Whether the seller had the payment from the start: there is nothing to release. */
async function wasInstant(api: PayPalApi, payment: string, context: CallContext): Promise<boolean> {
  const capture = await api.call(context, (client, options) =>
    new PaymentsController(client).getCapturedPayment({ captureId: payment }, options),
  )
  return isSuccess(capture) && textAt(capture.body, 'disbursement_mode') === 'INSTANT'
}

export async function askRelease(api: PayPalApi, call: ReleaseCall, context: CallContext): Promise<CallOutcome> {
  if (call.reference === null || call.reference === call.transfer) {
    return { outcome: 'unknown', reason: 'PayPal finds disbursements by its own ids only, and none is known' }
  }
  const answer = await getDisbursement(api, call.reference, context)
  return isSuccess(answer) ? outcomeOfDisbursement(disbursementOf(answer.body)) : outcomeOfQuestion(answer)
}

function outcomeOfDisbursement({ state, reference, reason }: Disbursement): CallOutcome {
  if (state === 'processed') return { outcome: 'processed', reference }
  if (state === 'pending') return { outcome: 'accepted', reference }
  return { outcome: 'refused', code: 'FAILED', reason: reason ?? 'the disbursement failed' }
}

/** Asks for a disbursement under a key of the caller's, which PayPal keeps for three days. */
export async function createDisbursement(
  api: PayPalApi,
  asked: { readonly payment: string; readonly key: string },
  context: CallContext,
): Promise<Disbursement> {
  const answer = await requestDisbursement(api, asked, context)
  if (!isSuccess(answer)) throw unexpected(answer)
  return disbursementOf(answer.body)
}

/** Null where there is none by that reference. */
export async function fetchDisbursement(
  api: PayPalApi,
  reference: string,
  context: CallContext,
): Promise<Disbursement | null> {
  const answer = await getDisbursement(api, reference, context)
  if (answer.status === 404) return null
  if (!isSuccess(answer)) throw unexpected(answer)
  return disbursementOf(answer.body)
}

function requestDisbursement(
  api: PayPalApi,
  { payment, key }: { readonly payment: string; readonly key: string },
  context: CallContext,
): Promise<Answer> {
  const body = { reference_id: resourceId(payment, 'payment'), reference_type: 'TRANSACTION_ID' }
  const headers = { 'PayPal-Request-Id': key, Prefer: 'return=representation' }
  return api.call(context, plainRequest({ method: 'POST', path, headers, body }))
}

function getDisbursement(api: PayPalApi, reference: string, context: CallContext): Promise<Answer> {
  return api.call(context, plainRequest({ method: 'GET', path: `${path}/${resourceId(reference, 'reference')}` }))
}

const states: Readonly<Record<string, Disbursement['state']>> = {
  PENDING: 'pending',
  PROCESSING: 'pending',
  SUCCESS: 'processed',
  FAILED: 'failed',
}

function disbursementOf(body: unknown): Disbursement {
  const reference = requiredText(body, 'item_id')
  const status = requiredText(body, 'processing_state', 'status')
  const state = states[status]
  if (state === undefined) throw new Error(`disbursement ${reference} is ${status}, which is not known`)
  const payment = requiredText(body, 'reference_id')
  const reason = textAt(body, 'processing_state', 'reason')
  return { reference, payment, state, amount: moneyAt(body, 'payout_amount'), reason }
}
