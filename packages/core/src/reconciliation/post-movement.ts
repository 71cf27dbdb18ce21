import type { AccountRef } from '../accounts/account.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import type { Entry, Line } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { placeFact, suspendRedirected } from '../payments/facts.js'

interface MovementEntry {
  readonly kind: 'settlement' | 'bank_credit' | 'credit_matched' | 'settlement_failed' | 'top_up'
  readonly gateway: string
  /** What the statement calls it. */
  readonly reference: string
  readonly lines: readonly Line[]
  readonly at: ParsedInstant | undefined
  /** The effective time of what it follows, if anything. */
  readonly last?: number | undefined
  readonly reason?: string | undefined
}

/** Posts an entry of a movement, a fact: what an account does not take goes to suspense. */
export function postMovement(draft: Draft, movement: MovementEntry): Entry {
  const { kind, gateway, reference, at, last = null, reason = null } = movement
  const { lines, redirected } = placeFact(draft, movement.lines, gateway)
  const time = effectiveOfFact(draft, { at, now: draft.now, last })
  const entry = postEntry(draft, { kind, lines, ...time, gateway, reference, reason })
  suspendRedirected(draft, redirected, { gateway, reference: null, escrow: null, instruction: null, entry: entry.id })
  return entry
}

/** The accounts of some codes in one currency. */
export function accountsIn(currency: string, codes: readonly string[]): AccountRef[] {
  return codes.map((code) => ({ code, currency }))
}

/** The ids among some that may be missing. */
export function entryIds(...ids: readonly (string | null | undefined)[]): string[] {
  return ids.filter((id): id is string => id !== null && id !== undefined)
}
