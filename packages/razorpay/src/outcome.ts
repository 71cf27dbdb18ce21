import type { CallOutcome } from 'escrow-ledger'
import { RazorpayError, Unsendable } from './razorpay-error.js'

/** What keeps Razorpay from doing a thing now, though not for good: money that is missing, an account that is not open yet. */
const missing: readonly RegExp[] = [
  /not have (enough|sufficient) balance/i,
  /(insufficient|low|not enough) (account )?(balance|funds)/i,
  /insufficient_(account_)?(balance|funds)/,
  /(account|merchant|product).{0,40}not (yet )?(been )?(activated|active|enabled|live)/i,
  /account_not_activated/,
  /\bkyc\b|under review|needs clarification|funds? (are |is )?on hold/i,
]

/**
 * What an error says of a call that was sent. Only Razorpay's own words are a refusal; anything else, a proxy's 403 among
 * it, leaves open whether the call was done. Throws what is no answer at all.
 */
export function outcomeOfError(error: unknown, now: number): CallOutcome {
  if (error instanceof Unsendable) return { outcome: 'refused', code: error.code, reason: error.message }
  if (!(error instanceof RazorpayError)) throw error
  const { status, code, message, requestId } = error
  // Razorpay throttles before it does anything: https://razorpay.com/docs/api/understand#rate-limiting
  if (status === 429) return { outcome: 'waiting', reason: message, ...retryAt(error, now) }
  if (status === null || code === null || status < 400 || status >= 500 || mayBeUnderWay.has(status)) {
    return { outcome: 'unknown', reason: inWords(error), ...retryAt(error, now) }
  }
  if (isUnauthorized(error)) return { outcome: 'waiting', reason: `Razorpay does not take the key: ${message}` }
  if (isMissing(error)) return { outcome: 'waiting', reason: inWords(error) }
  return { outcome: 'refused', code, reason: inWords(error), requestId }
}

/** What an error says of a question: nothing about the call. Throws what is no answer at all. */
export function outcomeOfQuestion(error: unknown, now: number): CallOutcome {
  if (error instanceof Unsendable) return { outcome: 'refused', code: error.code, reason: error.message }
  if (!(error instanceof RazorpayError)) throw error
  return { outcome: 'unknown', reason: inWords(error), ...retryAt(error, now) }
}

/** Timeouts, and 409 while the same key is being worked on. */
const mayBeUnderWay = new Set([408, 409, 425])

/** Whether a call that was answered so may have been done before, under the same key: then it has to be looked for. */
export const mayRepeat = (error: unknown): boolean =>
  error instanceof RazorpayError && error.code !== null && error.status !== null && error.status < 500

/** Whether there is nothing by that id. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof RazorpayError && error.code !== null && (error.status === 404 || isUnknownId(error))

const isUnknownId = ({ status, message }: RazorpayError): boolean =>
  status === 400 && /\bid\b.*(does not exist|doesn't exist|not (be )?found)|not a valid id/i.test(message)

const isUnauthorized = ({ status, message }: RazorpayError): boolean =>
  status === 401 || status === 403 || /^(authentication failed|the api key.* (invalid|expired))/i.test(message)

const isMissing = ({ reason, message }: RazorpayError): boolean =>
  missing.some((pattern) => pattern.test(message) || pattern.test(reason ?? ''))

const inWords = ({ status, message, reason, field }: RazorpayError): string =>
  [message, ...(reason === null ? [] : [`reason ${reason}`]), ...(field === null ? [] : [`field ${field}`])].join(
    ', ',
  ) + (status === null ? '' : ` (status ${status})`)

const retryAt = ({ retryAfterMs }: RazorpayError, now: number) =>
  retryAfterMs === null ? {} : { retryAt: now + retryAfterMs }
