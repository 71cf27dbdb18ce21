import { typeOf } from '../problem.js'
import type { Route } from '../route.js'

interface Refusal {
  /** Its name under `components.responses`. */
  readonly name: string
  readonly description: string
  /** The codes that this package gives it; the ledger's own come on top, as docs/errors.md has them. */
  readonly codes: readonly string[]
  readonly detail: string
  readonly retryable?: true
}

/** What requests are refused with, by status. */
const refusals: Readonly<Record<string, Refusal>> = {
  400: {
    name: 'BadRequest',
    description: 'The request is malformed: fix it.',
    codes: [
      ...['invalid_input', 'invalid_json', 'json_too_deep', 'body_broken', 'invalid_cursor'],
      ...['idempotency_key_required', 'invalid_idempotency_key', 'not_authentic'],
    ],
    detail: 'The body is not valid: id: Too small: expected string to have >=1 characters.',
  },
  401: {
    name: 'Unauthenticated',
    description: 'Nobody is known to ask, or the credentials are wrong.',
    codes: ['unauthenticated', 'invalid_token', 'invalid_api_key', 'invalid_principal'],
    detail: 'This needs credentials: a bearer token or an API key.',
  },
  402: {
    name: 'PaymentRequired',
    description: 'The trial is over.',
    codes: ['trial_expired'],
    detail: 'The trial ended at 2026-11-02T09:00:00.000Z. Choose a plan to go on; nothing was lost.',
  },
  403: {
    name: 'Forbidden',
    description: 'Nobody in this role, or with these credentials, may do this.',
    codes: ['forbidden', 'out_of_scope'],
    detail: 'Nobody in the role of payee may do this.',
  },
  404: {
    name: 'NotFound',
    description: 'Nothing by that name, or somebody else’s.',
    codes: ['not_found', 'route_not_found'],
    detail: 'There is nothing by that name.',
  },
  408: {
    name: 'BodyTooSlow',
    description: 'The body took too long to arrive.',
    codes: ['body_too_slow'],
    detail: 'The body took longer than 10000 ms. Send it again.',
    retryable: true,
  },
  409: {
    name: 'Conflict',
    description: 'It cannot be done as things stand: look, then decide.',
    codes: ['insufficient_funds'],
    detail: 'payee:priya:payable has 200.00 INR, not 600.00 INR.',
  },
  413: {
    name: 'BodyTooLarge',
    description: 'The body is too large.',
    codes: ['body_too_large'],
    detail: 'The body may have 65536 bytes at most.',
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is no JSON.',
    codes: ['unsupported_media_type'],
    detail: 'The body must be JSON, with Content-Type: application/json.',
  },
  422: {
    name: 'Unprocessable',
    description: 'Well formed, and cannot be.',
    codes: ['currency_unknown'],
    detail: 'There is no currency XXX.',
  },
  429: {
    name: 'TooManyRequests',
    description: 'Too many requests: wait for as long as Retry-After says.',
    codes: ['rate_limited'],
    detail: 'Too many requests. Try again in 12 s.',
    retryable: true,
  },
  500: {
    name: 'InternalError',
    description: 'A bug, which was reported.',
    codes: ['internal_error'],
    detail: 'Something went wrong here. It was reported; nothing is known to have changed.',
  },
  503: {
    name: 'Unavailable',
    description: 'Not now: repeat it, with the same key.',
    codes: ['draining', 'not_ready', 'keys_unavailable', 'limits_unavailable'],
    detail: 'This process is stopping. Try again.',
    retryable: true,
  },
  504: {
    name: 'TimedOut',
    description: 'It took too long: what became of it is told when it is repeated with the same key.',
    codes: ['timed_out'],
    detail: 'This took longer than 30000 ms. What became of it is told when you repeat it with the same key.',
    retryable: true,
  },
}

/** The statuses with which a route may refuse. */
export function statusesOf(
  { operation, method, params, query, body, raw }: Route,
  guarded: boolean,
): readonly string[] {
  if (operation === 'health' || operation === 'openapi')
    return ['429', '500', ...(operation === 'openapi' ? ['503'] : [])]
  const asks = method === 'POST'
  return [
    ...(params || query || asks ? ['400'] : []),
    ...(guarded ? ['401', '402', '403'] : []),
    ...(params || body ? ['404'] : []),
    ...(guarded && !asks ? ['404'] : []),
    ...(asks ? ['408', '409', '413'] : []),
    ...(operation === 'sessions.preview' ? ['409'] : []),
    ...(asks && raw !== true ? ['415'] : []),
    ...(params || query || asks ? ['422'] : []),
    ...['429', '500', '503', '504'],
  ]
}

/** A reference to the refusal of a status. */
export function refusalRef(status: string): { readonly $ref: string } {
  return { $ref: `#/components/responses/${refusals[status]?.name ?? 'InternalError'}` }
}

/** The refusals as `components.responses`. */
export function refusalResponses(): Readonly<Record<string, object>> {
  const headers = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } }
  return Object.fromEntries(
    Object.entries(refusals).map(([status, { name, description, codes, detail, retryable = false }]) => {
      const [code = ''] = codes
      const words = code.replaceAll('_', ' ')
      const title = words.charAt(0).toUpperCase() + words.slice(1)
      const example = {
        type: typeOf(code),
        title,
        status: Number(status),
        detail,
        code,
        retryable,
        instance: '6f1c0d9e2b7a4358',
      }
      const schema = { $ref: '#/components/schemas/Problem' }
      const own = `${description} Codes: ${codes.map((each) => `\`${each}\``).join(', ')}, and the ledger’s.`
      const waits = retryable && (status === '429' || status === '503')
      const retryAfter = waits ? { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } : {}
      const content = { 'application/problem+json': { schema, example } }
      return [name, { description: own, headers: { ...headers, ...retryAfter }, content }]
    }),
  )
}
