import type { Exchange } from 'escrow-ledger'
import { RazorpayError } from './razorpay-error.js'
import type { ReceivedAnswer, SendFailure, SentRequest } from './sdk-transport.js'

/** A request and its answer as they are kept. Headers are left out: one of them is the key. */
export function exchangeOf(
  { uri, at }: { readonly uri: string; readonly at: number },
  of: { readonly request: SentRequest; readonly answer?: ReceivedAnswer | undefined; readonly error?: string | null },
): Exchange {
  const { request, answer, error = null } = of
  const { pathname, search } = new URL(uri)
  return {
    method: (request.method ?? 'get').toUpperCase(),
    path: pathname + search,
    request: typeof request.data === 'string' ? request.data : null,
    status: answer?.status ?? null,
    answer: answer ? String(answer.data ?? '') : null,
    requestId: answer ? requestIdOf(answer) : null,
    error,
    at,
  }
}

/** The body of a successful answer as JSON. Throws `RazorpayError` without a code where it is none. */
export function bodyOf(answer: ReceivedAnswer): unknown {
  const body = parsed(answer)
  if (body !== undefined) return body
  throw unreadable(answer)
}

/** What a failure says: Razorpay's own words where there are any, else that nobody knows. */
export function errorOf(failure: SendFailure): RazorpayError {
  const { response } = failure
  if (!response) {
    const message = `no answer from Razorpay: ${failure.code ?? 'failed'} ${failure.message ?? ''}`.trim()
    return new RazorpayError(message, { status: null }, { cause: failure })
  }
  const told = (parsed(response) as { error?: Readonly<Record<string, unknown>> } | undefined)?.error
  const code = textOf(told?.code)
  if (code === null) return unreadable(response)
  const description = textOf(told?.description) ?? 'no description'
  return new RazorpayError(description, {
    ...about(response),
    code,
    reason: textOf(told?.reason),
    field: textOf(told?.field),
  })
}

const unreadable = (answer: ReceivedAnswer): RazorpayError =>
  new RazorpayError(`an answer with status ${answer.status} that is none of Razorpay's`, about(answer))

const about = (answer: ReceivedAnswer) => ({
  status: answer.status,
  requestId: requestIdOf(answer),
  retryAfterMs: retryAfterOf(answer.headers['retry-after']),
  body: String(answer.data ?? ''),
})

function parsed({ data }: ReceivedAnswer): unknown {
  try {
    const body: unknown = JSON.parse(String(data))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined
  } catch {
    return undefined
  }
}

const requestIdHeaders = ['request-id', 'x-razorpay-request-id', 'x-request-id']

function requestIdOf({ headers }: ReceivedAnswer): string | null {
  return requestIdHeaders.map((name) => textOf(headers[name])).find((id) => id !== null) ?? null
}

/** Seconds, as APIs send it; a date is left to whoever waits, who waits a while anyway. */
const retryAfterOf = (value: unknown): number | null =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : null

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
