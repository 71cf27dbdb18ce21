import type { CallOutcome } from 'escrow-ledger'
import { type Answer, hasIssue, problemOf } from './answer.js'

/** Things that can be put right, and are not so now: the same call is tried again later. */
const passing = [
  'CAPTURE_NOT_ALLOWED_TILL_PAYER_ACTION',
  'INSTRUMENT_DECLINED',
  'INSUFFICIENT_FUNDS',
  'NON_HOLDING_CURRENCY',
  'ORDER_NOT_APPROVED',
  'PAYEE_ACCOUNT_RESTRICTED',
  'PAYEE_ACCOUNT_NOT_VERIFIED',
  'PAYEE_BLOCKED_TRANSACTION',
  'PAYER_ACTION_REQUIRED',
  'PENDING_CAPTURE',
  'REFUND_FAILED_INSUFFICIENT_FUNDS',
  'TRANSACTION_DISPUTED',
  'TRANSACTION_PENDING',
]

/** An earlier request under the key is being carried out, or had other content: what became of it is not told here. */
const overlapping = ['PREVIOUS_REQUEST_IN_PROGRESS', 'DUPLICATE_REQUEST_ID', 'RESOURCE_CONFLICT']

/**
 * What an answer that is no success says of a call that was sent. Only what PayPal clearly will not do is `refused`; rules
 * in this order.
 */
export function outcomeOfFailure(answer: Answer): CallOutcome {
  const { status, requestId, retryAt } = answer
  const { code, reason } = problemOf(answer)
  const told = code === null ? reason : `${code}: ${reason}`
  if (status === 429) return { outcome: 'waiting', reason: `PayPal is asked too much: ${told}`, retryAt }
  if (status >= 500 || status === 408 || status === 409) return unknown(told, answer)
  if (hasIssue(answer, ...overlapping)) return unknown(told, answer)
  // The account's permissions, not the call, are at fault; nothing was done.
  if (status === 401 || status === 403) return { outcome: 'waiting', reason: told }
  if (hasIssue(answer, ...passing)) return { outcome: 'waiting', reason: told }
  if (code !== null && [400, 404, 410, 422].includes(status)) return { outcome: 'refused', code, reason, requestId }
  return unknown(told, answer)
}

/** What an answer that is no success says when PayPal was only asked: nothing of the call. */
export function outcomeOfQuestion(answer: Answer): Unknown {
  return unknown(problemOf(answer).reason, answer)
}

type Unknown = Extract<CallOutcome, { readonly outcome: 'unknown' }>

function unknown(reason: string, { status, retryAt }: Answer): Unknown {
  return { outcome: 'unknown', reason: `status ${status}: ${reason}`, retryAt }
}

/** Thrown where an answer is needed to go on and another came: the caller's outcome is unknown then. */
export function unexpected(answer: Answer): Error {
  const { code, reason } = problemOf(answer)
  return new Error(`PayPal answered with status ${answer.status}: ${code ?? ''} ${reason}`)
}
