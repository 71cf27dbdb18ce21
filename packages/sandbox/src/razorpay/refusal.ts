import { Refused, type SandboxAnswer } from '../http/operation.js'

interface Details {
  readonly field?: string
  readonly reason?: string
  readonly status?: number
  readonly code?: string
}

/** Razorpay's error body. */
export function errorAnswer(description: string, { field, reason, status = 400, code }: Details = {}): SandboxAnswer {
  const error = {
    code: code ?? (status < 500 ? 'BAD_REQUEST_ERROR' : 'SERVER_ERROR'),
    description,
    source: status < 500 ? 'business' : 'internal',
    step: 'payment_initiation',
    reason: reason ?? (status < 500 ? 'input_validation_failed' : 'server_error'),
    metadata: {},
    ...(field === undefined ? {} : { field }),
  }
  return { status, body: { error } }
}

/** What an operation throws to refuse a request. */
export const badRequest = (description: string, details: Details = {}): Refused =>
  new Refused(errorAnswer(description, details), description)

export const noSuchId = (): Refused => badRequest('The id provided does not exist')

/** How Razorpay words what is about no operation. */
export function failureAnswer(status: number): SandboxAnswer {
  if (status === 404) return errorAnswer('The requested URL was not found on the server.', { status: 400 })
  if (status === 429) return errorAnswer('Request failed. Please try after sometime.', { status, reason: 'rate_limit' })
  const description = 'We are facing some trouble completing your request at the moment. Please try again shortly.'
  return errorAnswer(description, { status })
}
