import { LedgerError } from 'escrow-ledger'
import { Problem, type ProblemBody } from '../problem.js'
import { toWire } from '../wire.js'

/** On every answer: nothing of it is a page, and nobody keeps it. */
const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const DOCS = 'https://github.com/escrow-ledger/escrow-ledger/blob/main/docs/errors.md'

export function jsonAnswer(
  body: unknown,
  { status = 200, headers = {} }: { status?: number | undefined; headers?: Readonly<Record<string, string>> } = {},
): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  if (body === null) return new Response(null, { status: 204, headers: { ...securityHeaders, ...headers } })
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...securityHeaders, 'content-type': `${type}; charset=utf-8`, ...headers },
  })
}

export interface Refusal {
  readonly status: number
  readonly body: ProblemBody
  readonly headers: Readonly<Record<string, string>>
  /** Whether it is a bug, here or in the host, which is told to the operators and not to the caller. */
  readonly bug: boolean
}

/** The problem that an error is answered with. The ledger's words are for callers; nobody else's are. */
export function refusalOf(error: unknown, requestId: string): Refusal {
  if (error instanceof Problem) return ofProblem(error, requestId)
  if (error instanceof LedgerError && error.kind !== 'internal') return ofLedgerError(error, requestId)
  const detail =
    'Something went wrong here. It was reported; nothing is known to have changed. Name this request when you ask.'
  const known = { code: 'internal_error', title: 'Internal error', retryable: false, detail }
  return { status: 500, body: bodyOf({ ...known, status: 500, requestId }), headers: {}, bug: true }
}

function ofProblem(problem: Problem, requestId: string): Refusal {
  const { status, code, message, more } = problem
  const retryable = status === 429 || status === 503 || status === 504 || status === 408
  const body = bodyOf({ code, title: titleOf(code), retryable, detail: message, status, requestId })
  const headers = more.headers ?? {}
  return { status, body: more.issues ? { ...body, issues: more.issues } : body, headers, bug: status === 500 }
}

const statusOfKind = { invalid: 422, not_found: 404, conflict: 409, unavailable: 503, internal: 500 } as const
const malformed: ReadonlySet<string> = new Set(['invalid_input', 'invalid_amount', 'invalid_cursor', 'not_authentic'])

/** Keys as the ledger knows them, which say nothing to whoever gave them. */
const ledgerKeys = /"?http:[0-9a-f]{64}"?/g

function ofLedgerError(error: LedgerError, requestId: string): Refusal {
  const { code, kind, retryable, message } = error
  const status = malformed.has(code) ? 400 : statusOfKind[kind]
  const detail = message.replace(ledgerKeys, 'that you gave')
  const body = bodyOf({ code, title: titleOf(code), retryable, detail, status, requestId })
  const { issues, ...facts } = factsOf(error)
  const headers: Record<string, string> = status === 503 ? { 'retry-after': '5' } : {}
  const more = {
    ...(issues ? { issues: issues as NonNullable<ProblemBody['issues']> } : {}),
    ...(Object.keys(facts).length > 0 ? { facts: toWire(facts) as Record<string, unknown> } : {}),
  }
  return { status, body: { ...body, ...more }, headers, bug: false }
}

/** The facts of an error are its own fields, but for those that every error has, and for keys that are only ours. */
function factsOf(error: LedgerError): Record<string, unknown> {
  const own = new Set(['name', 'code', 'kind', 'retryable', 'message', 'stack', 'cause', 'idempotencyKey'])
  return Object.fromEntries(Object.entries(error).filter(([name]) => !own.has(name)))
}

interface Said extends Pick<ProblemBody, 'code' | 'title' | 'retryable' | 'detail' | 'status'> {
  readonly requestId: string
}

function bodyOf({ requestId, ...said }: Said): ProblemBody {
  return { type: `${DOCS}#${said.code}`, ...said, instance: requestId }
}

/** `insufficient_funds` → `Insufficient funds`. */
function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
