import { describe, type Issue } from './issue.js'

/** One thing that is wrong with a request. */
export interface RefusalDetail {
  readonly issue: string
  readonly description?: string
  /** A JSON pointer into the body, or the name of a parameter. */
  readonly field?: string
  readonly value?: string
  readonly location?: 'body' | 'path' | 'query' | 'header'
  readonly link?: readonly object[]
}

/** A request that is refused: thrown before anything has changed, and answered in PayPal's shape. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    /** PayPal's `name` of the error. */
    readonly code: string,
    message: string,
    readonly details?: readonly RefusalDetail[],
    readonly informationLink?: string,
  ) {
    super(message)
    this.name = 'Refusal'
  }
}

/** A request that is not well formed: 400 INVALID_REQUEST. */
export const malformed = (issue: Issue, where: Omit<RefusalDetail, 'issue' | 'description'> = {}) =>
  new Refusal(400, 'INVALID_REQUEST', 'Request is not well-formed, syntactically incorrect, or violates schema.', [
    { location: 'body', ...where, issue, description: describe(issue) },
  ])

/** A request that a rule is against: 422 UNPROCESSABLE_ENTITY. */
export const unprocessable = (issue: Issue, where: Omit<RefusalDetail, 'issue' | 'description'> = {}) =>
  new Refusal(
    422,
    'UNPROCESSABLE_ENTITY',
    'The requested action could not be performed, semantically incorrect, or failed business validation.',
    [{ ...where, issue, description: describe(issue) }],
  )

export const notFound = () =>
  new Refusal(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.', [
    { issue: 'INVALID_RESOURCE_ID', description: describe('INVALID_RESOURCE_ID') },
  ])

export const forbidden = () =>
  new Refusal(403, 'NOT_AUTHORIZED', 'Authorization failed due to insufficient permissions.', [
    { issue: 'PERMISSION_DENIED', description: describe('PERMISSION_DENIED') },
  ])

export const unauthenticated = () =>
  new Refusal(
    401,
    'AUTHENTICATION_FAILURE',
    'Authentication failed due to missing authorization header, or invalid authentication credentials.',
  )

/** An error of the Payouts API, which names its issues itself. */
export const payoutRefusal = (status: number, code: string, message: string, details: readonly RefusalDetail[] = []) =>
  new Refusal(status, code, message, details, 'https://developer.paypal.com/docs/api/payments.payouts-batch/#errors')

/** The body of the answer to a refused request. */
export function refusalBody({ code, message, details, informationLink }: Refusal, debugId: string) {
  return {
    name: code,
    message,
    debug_id: debugId,
    ...(informationLink === undefined ? {} : { information_link: informationLink }),
    ...(details === undefined ? {} : { details }),
    links:
      informationLink === undefined
        ? (details ?? []).map(({ issue }) => ({
            href: `https://developer.paypal.com/docs/api/orders/v2/#error-${issue}`,
            rel: 'information_link',
            method: 'GET',
          }))
        : [],
  }
}
