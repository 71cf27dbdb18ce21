import { createHash } from 'node:crypto'
import type { SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { badRequest } from './refusal.js'

/** One of Razorpay's idempotency headers. */
export interface KeyHeader {
  readonly header: string
  readonly shortest: number
  readonly longest: number
  readonly allowed: RegExp
  readonly mandatory: boolean
  /** The status for another request with the same key. */
  readonly conflictStatus: number
}

export const refundKey: KeyHeader = {
  header: 'X-Refund-Idempotency',
  shortest: 10,
  longest: Number.MAX_SAFE_INTEGER,
  allowed: /^[0-9A-Za-z_-]*$/,
  mandatory: false,
  conflictStatus: 409,
}

export const transferKey: KeyHeader = {
  header: 'X-Transfer-Idempotency',
  shortest: 4,
  longest: 36,
  allowed: /^[0-9A-Za-z_ -]*$/,
  mandatory: false,
  conflictStatus: 400,
}

export const payoutKey: KeyHeader = { ...transferKey, header: 'X-Payout-Idempotency', mandatory: true }

interface Kept {
  readonly fingerprint: string
  readonly answer: SandboxAnswer
}

/**
 * Does a thing once under a key: the same request again gets the first answer, another is refused. A request that was
 * refused leaves its key free. Razorpay's documents know of no end to a key, so neither does this.
 */
export function createIdempotency() {
  const kept = new Map<string, Kept>()
  return (request: SandboxRequest, rule: KeyHeader, act: () => SandboxAnswer): SandboxAnswer => {
    const key = readKey(request, rule)
    if (key === undefined) return act()
    const name = `${rule.header} ${key}`
    const fingerprint = createHash('sha256').update(`${request.path}\n`).update(request.rawBody).digest('hex')
    const first = kept.get(name)
    if (first?.fingerprint === fingerprint) return first.answer
    if (first) {
      const description = 'Different request with the same idempotency key has already been processed.'
      throw badRequest(description, { status: rule.conflictStatus, field: rule.header })
    }
    const answer = structuredClone(act())
    kept.set(name, { fingerprint, answer })
    return answer
  }
}

function readKey({ headers }: SandboxRequest, rule: KeyHeader): string | undefined {
  const field = rule.header
  const key = headers[field.toLowerCase()]
  if (key === undefined || key === '') {
    if (!rule.mandatory) return undefined
    throw badRequest('Idempotency key is missing. Include idempotency header and key in the request.', { field })
  }
  if (typeof key !== 'string') throw badRequest('The idempotency key must be sent once.', { field })
  if (key.length < rule.shortest) {
    throw badRequest(`The idempotency key must be at least ${rule.shortest} characters long.`, { field })
  }
  if (key.length > rule.longest) {
    throw badRequest(`The idempotency key may not be greater than ${rule.longest} characters.`, { field })
  }
  if (rule.allowed.test(key)) return key
  throw badRequest('The idempotency key must only contain alphanumeric characters, underscores, and hyphens', { field })
}
