import { fail } from 'node:assert/strict'
import type { CallOutcome, GatewayCall } from 'escrow-ledger'
import { equal } from '../conformance/assertions.js'
import type { GatewaySubject } from './gateway-case.js'

export const inWords = (outcome: CallOutcome): string =>
  JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? String(value) : value))

type Done = Extract<CallOutcome, { outcome: 'accepted' | 'processed' }> & { readonly reference: string }

/** Asserts that the gateway has it, and says what it calls it. */
export function done(outcome: CallOutcome): Done {
  const has = outcome.outcome === 'accepted' || outcome.outcome === 'processed'
  if (has && typeof outcome.reference === 'string' && outcome.reference !== '') return outcome as Done
  return fail(`expected that the gateway has it and names it, and the outcome was ${inWords(outcome)}`)
}

/** Asserts that it is one of these outcomes. */
export function isOneOf(outcome: CallOutcome, names: readonly CallOutcome['outcome'][]): void {
  if (!names.includes(outcome.outcome)) fail(`expected ${names.join(' or ')}, and the outcome was ${inWords(outcome)}`)
}

/** Asserts that there are so many effects of a call's kind at the gateway, each of its amount. */
export async function hasEffects({ harness }: GatewaySubject, call: GatewayCall, count: number): Promise<void> {
  const effects = await harness.effects(call.kind)
  equal(effects.count, count, `expected ${count} ${call.kind}s at the gateway, and there are ${effects.count}`)
  equal(effects.sumMinor, BigInt(count) * call.amount.minor, `the ${call.kind}s at the gateway are of another amount`)
}
