import type { Draft } from '../journal/draft.js'
import type { Entry } from '../journal/entry.js'
import type { Money } from '../money/index.js'
import type { Instruction } from './instruction.js'

/** A new instruction, before anything was done about it. */
export function newInstruction(
  draft: Draft,
  about: Pick<Instruction, 'id' | 'kind' | 'gateway' | 'party' | 'escrow' | 'payment' | 'source'> & {
    readonly amount: Money
    /** The entry that takes the money out of where it stood; null for a call that moves none of ours yet. */
    readonly entry: Entry | null
  } & Partial<Pick<Instruction, 'about' | 'hold'>>,
): Instruction {
  const { amount, entry, ...rest } = about
  return {
    about: null,
    destination: null,
    hold: null,
    takenBackMinor: 0n,
    reversingMinor: 0n,
    followUps: 0,
    ...rest,
    state: 'recorded',
    currency: amount.currency,
    amountMinor: amount.minor,
    gatewayKey: draft.nextId(),
    batch: null,
    gatewayReference: null,
    reason: null,
    attempts: 0,
    nextAt: draft.now,
    lease: null,
    leaseUntil: null,
    createdAt: draft.now,
    lastAt: entry?.effectiveAt ?? draft.now,
    lastEntry: entry?.id ?? null,
    firstSentAt: null,
    lastSentAt: null,
    changedAt: draft.now,
    replacedBy: null,
    revision: 1,
  }
}
