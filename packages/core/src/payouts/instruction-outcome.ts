import { invariant, ledgerError } from '../errors/index.js'
import { escrows } from '../escrow/escrow.js'
import { keepEscrow } from '../escrow/life.js'
import type { CallFee } from '../gateways/outcome.js'
import { type Instruction, type InstructionState, instructions } from '../instructions/instruction.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry, type Line } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import type { Money } from '../money/index.js'
import { placeFact, suspendRedirected } from '../payments/facts.js'
import { paymentKey, payments } from '../payments/payment.js'
import { amountOf, inTransitOf, isSetAside, originOf, processedLines } from './money-way.js'

/** What every instruction command answers. */
export interface InstructionAnswer {
  readonly instruction: string
  readonly state: InstructionState
  readonly amount: Money
}

export function instructionAnswer(instruction: Instruction): InstructionAnswer {
  return { instruction: instruction.id, state: instruction.state, amount: amountOf(instruction) }
}

/** Throws `instruction_not_found`. */
export function requireInstruction(draft: Pick<Draft, 'get'>, id: string): Instruction {
  const instruction = draft.get(instructions, id)
  if (instruction) return instruction
  throw ledgerError(
    'instruction_not_found',
    `There is no instruction ${id} in this book. instructions.list shows them.`,
  )
}

/** Throws `instruction_state` unless the instruction is in one of these states. */
export function checkState(instruction: Instruction, allowed: readonly InstructionState[]): void {
  if (allowed.includes(instruction.state)) return
  const { id, state, kind } = instruction
  const possible =
    allowed.length > 0
      ? `this is possible only while it is ${allowed.join(', ')}`
      : `this cannot be done to this ${kind}`
  throw ledgerError('instruction_state', `Instruction ${id} is ${state}; ${possible}. See instructions.get.`, {
    instruction: id,
    state,
  })
}

/** Throws `instruction_state` while a worker has it: what the gateway answers counts, and comes within the lease. */
export function checkNotLeased(instruction: Instruction, now: number): void {
  const { id, state, lease, leaseUntil } = instruction
  if (lease === null || (leaseUntil ?? 0) <= now) return
  const until = new Date(leaseUntil ?? 0).toISOString()
  const message = `A worker is just asking the gateway about instruction ${id}, until ${until} at the latest. Look at it again then.`
  throw ledgerError('instruction_state', message, { instruction: id, state })
}

/** The states in which it is still open what becomes of an instruction. */
export const openStates: readonly InstructionState[] = ['recorded', 'sending', 'accepted', 'unknown', 'waiting']

interface Outcome {
  /** Such as `processed`: the entry's kind is `refund_processed`. */
  readonly kind: 'processed' | 'failed' | 'reversed'
  readonly state: InstructionState
  readonly lines: readonly Line[]
  readonly at: ParsedInstant | undefined
  readonly reason?: string | null
  readonly changes?: Partial<Instruction>
}

/** Posts what became of an instruction, a fact, and keeps its new state. */
function keepOutcome(draft: Draft, instruction: Instruction, outcome: Outcome): Instruction {
  const entry = outcome.lines.length === 0 ? null : postOutcome(draft, instruction, outcome)
  const kept: Instruction = {
    ...instruction,
    reason: outcome.reason ?? null,
    nextAt: null,
    lease: null,
    leaseUntil: null,
    ...outcome.changes,
    state: outcome.state,
    changedAt: draft.now,
    lastAt: entry?.effectiveAt ?? draft.now,
    lastEntry: entry?.id ?? instruction.lastEntry,
    revision: instruction.revision + 1,
  }
  draft.put(instructions, kept)
  if (entry && instruction.escrow !== null) tellEscrow(draft, kept, { kind: entry.kind, at: entry.effectiveAt })
  return kept
}

function postOutcome(draft: Draft, instruction: Instruction, outcome: Outcome): Entry {
  const { gateway, escrow, payment, party } = instruction
  const { lines, redirected } = placeFact(draft, outcome.lines, gateway)
  const time = effectiveOfFact(draft, { at: outcome.at, now: draft.now, last: instruction.lastAt })
  const kind = `${instruction.kind}_${outcome.kind}`
  const about = { escrow, gateway, payment, party, instruction: instruction.id }
  const entry = postEntry(draft, { kind, lines, ...time, reason: outcome.reason ?? null, ...about })
  const suspended = { gateway, reference: payment, escrow, instruction: instruction.id, entry: entry.id }
  suspendRedirected(draft, redirected, suspended)
  return entry
}

function tellEscrow(draft: Draft, instruction: Instruction, { kind, at }: { kind: string; at: number }): void {
  const escrow = draft.get(escrows, instruction.escrow ?? '')
  if (!escrow) return
  const detail = { instruction: instruction.id, amount: amountOf(instruction), reason: instruction.reason }
  keepEscrow(draft, escrow, { command: kind.replace('_', '-'), at, detail })
}

interface Done {
  readonly reference: string
  readonly at: ParsedInstant | undefined
  readonly fee?: CallFee | undefined
  /** What it posts, where that is not what stands at `processedLines`. */
  readonly lines?: readonly Line[]
  /** When to look whether it came back, and what else there is of it; null where nothing is to be expected. */
  readonly nextAt?: number | null
}

/** The gateway has done it. What it posts stands at `processedLines`. */
export function processed(
  draft: Draft,
  instruction: Instruction,
  { reference, at, fee, lines = processedLines(instruction, fee), nextAt = null }: Done,
): Instruction {
  const changes = { gatewayReference: reference, nextAt }
  const kept = keepOutcome(draft, instruction, { kind: 'processed', state: 'processed', lines, at, changes })
  if (instruction.kind === 'reversal') endReversal(draft, instruction, { backMinor: 0n })
  return kept
}

interface Ended {
  readonly state: 'failed' | 'cancelled'
  readonly reason: string | null
  readonly at: ParsedInstant | undefined
  /** When to look whether an order is paid all the same; null for everything else. */
  readonly nextAt?: number | null
}

/**
 * Nothing comes of it: money that was set aside goes back to where it was instructed from.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | refund | refunds:in-transit:razorpay 200.00 | payer:c1:refunds 200.00 |
 * | payout, release | payouts:in-transit:razorpay 600.00 | payee:p1:payable 600.00 |
 */
export function failed(
  draft: Draft,
  instruction: Instruction,
  { state, reason, at, nextAt = null }: Ended,
): Instruction {
  const amount = amountOf(instruction)
  const lines = isSetAside(instruction.kind)
    ? [debit(inTransitOf(instruction), amount), credit(originOf(instruction), amount)]
    : []
  const kept = keepOutcome(draft, instruction, { kind: 'failed', state, lines, at, reason, changes: { nextAt } })
  if (instruction.kind === 'refund') freePayment(draft, instruction)
  if (instruction.kind === 'reversal') endReversal(draft, instruction, { backMinor: instruction.amountMinor })
  return kept
}

/**
 * A payout came back after it was processed.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:payouts 600.00 | payee:p1:payable 600.00 |
 */
export function reversed(
  draft: Draft,
  instruction: Instruction,
  { reason, at }: { reason: string; at: ParsedInstant | undefined },
): Instruction {
  const amount = amountOf(instruction)
  const lines = [debit(instruction.source, amount), credit(originOf(instruction), amount)]
  return keepOutcome(draft, instruction, { kind: 'reversed', state: 'reversed', lines, at, reason })
}

/** What failed for good can go back from its payment again. */
function freePayment(draft: Draft, { gateway, payment, amountMinor }: Instruction): void {
  if (payment === null) return
  const known = draft.get(payments, paymentKey(gateway, payment))
  if (!known) return
  draft.put(payments, { ...known, refundedMinor: known.refundedMinor - amountMinor, revision: known.revision + 1 })
}

/** A reversal is on its way no more; what of it failed for good can be taken back from its transfer again. */
function endReversal(
  draft: Draft,
  { about, amountMinor }: Instruction,
  { backMinor }: { readonly backMinor: bigint },
): void {
  const transfer = about === null ? null : draft.get(instructions, about)
  invariant(transfer, 'a reversal goes on from its transfer')
  const takenBackMinor = transfer.takenBackMinor - backMinor
  const reversingMinor = transfer.reversingMinor - amountMinor
  draft.put(instructions, { ...transfer, takenBackMinor, reversingMinor, revision: transfer.revision + 1 })
}
