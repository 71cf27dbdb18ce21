import type { SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { Refusal } from './refusal.js'

/** What a request with a key did, and how its answer is given again. */
interface Done {
  readonly at: number
  readonly said: string
  answerAgain(request: SandboxRequest): SandboxAnswer
}

/**
 * `PayPal-Request-Id`: a request with a key that was used is not carried out again. PayPal answers it with "the latest
 * status of the previous request". A refused request keeps no key.
 */
export interface RequestKeys {
  once(
    request: SandboxRequest,
    rule: { readonly operation: string; readonly keptMs: number },
    carryOut: () => { first: SandboxAnswer; answerAgain: Done['answerAgain'] },
  ): SandboxAnswer
}

export function createRequestKeys(now: () => number): RequestKeys {
  const done = new Map<string, Done>()
  return {
    once(request, { operation, keptMs }, carryOut) {
      const given = request.headers['paypal-request-id']
      if (typeof given !== 'string' || given === '') return carryOut().first
      const key = `${operation} ${given}`
      const said = `${request.path}\n${canonical(request.json())}`
      const before = done.get(key)
      if (before !== undefined && now() < before.at + keptMs) {
        if (before.said !== said) throw keyReused()
        return before.answerAgain(request)
      }
      const { first, answerAgain } = carryOut()
      done.set(key, { at: now(), said, answerAgain })
      return first
    },
  }
}

/**
 * The same key for another request. The second version of the API documents no error for it; this is the one of the
 * first, which callers see as a refusal too.
 */
const keyReused = () =>
  new Refusal(400, 'DUPLICATE_REQUEST_ID', 'The value of PayPal-Request-Id header has already been used')

function canonical(value: unknown): string {
  return JSON.stringify(value ?? {}, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

/** Whether the whole resource was asked for, with `Prefer: return=representation`. */
export const wantsRepresentation = (request: SandboxRequest): boolean =>
  /(^|[\s,])return=representation\b/.test(String(request.headers.prefer ?? ''))
