import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import { escrows } from '../escrow/escrow.js'
import { keepEscrow } from '../escrow/life.js'
import { type Instruction, type InstructionState, instructions } from '../instructions/instruction.js'
import type { Needs } from '../journal/command.js'
import type { Draft, View } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Line } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { add, fromMinor, type Money, subtract } from '../money/index.js'
import { placeFact, suspendRedirected } from '../payments/facts.js'
import { paymentKey, payments } from '../payments/payment.js'

/** What every instruction command answers. */
export interface InstructionAnswer {
  readonly instruction: string
  readonly state: InstructionState
  readonly amount: Money
}

export function instructionAnswer(instruction: Instruction): InstructionAnswer {
  return { instruction: instruction.id, state: instruction.state, amount: amountOf(instruction) }
}

export function amountOf(instruction: Instruction): Money {
  return fromMinor(instruction.amountMinor, instruction.currency)
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

/** The states in which it is still open what becomes of an instruction. */
export const openStates: readonly InstructionState[] = ['recorded', 'sending', 'accepted', 'unknown', 'waiting']

/** Everything that an outcome may touch; a fee may be charged in another currency. */
function outcomeNeeds(instruction: Instruction | null, fee: Money | undefined): Needs {
  if (!instruction) return {}
  const { gateway, currency, escrow, payment, source } = instruction
  const own = [inTransitOf(instruction), originOf(instruction)]
  const both = [
    source,
    accountCodes.suspense(gateway),
    accountCodes.gatewayFees(gateway),
    accountCodes.gatewayFeeTax(gateway),
  ]
  return {
    accounts: [
      ...[...own, ...both].map((code) => ({ code, currency })),
      ...(fee ? both.map((code) => ({ code, currency: fee.currency })) : []),
    ],
    records: {
      escrows: escrow === null ? [] : [escrow],
      payments: payment === null ? [] : [paymentKey(gateway, payment)],
    },
    entries: [instruction.lastEntry],
  }
}

/** The command's needs: the instruction first, then what it names. */
export function instructionNeeds(id: string): Needs {
  return { records: { instructions: [id] } }
}

export function furtherNeeds(view: View, id: string, fee?: Money): Needs {
  return outcomeNeeds(view.get(instructions, id), fee)
}

/** Where the money is while it is on its way. */
export function inTransitOf({ kind, gateway }: Instruction): string {
  return kind === 'refund' ? accountCodes.refundsInTransit(gateway) : accountCodes.payoutsInTransit(gateway)
}

/** Where the money came from, and goes back to when nothing comes of it. */
export function originOf({ kind, party }: Instruction): string {
  return kind === 'refund' ? accountCodes.payerRefunds(party) : accountCodes.payable(party)
}

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
export function keepOutcome(draft: Draft, instruction: Instruction, outcome: Outcome): Instruction {
  const { gateway, escrow, payment, party } = instruction
  const { lines, redirected } = placeFact(draft, outcome.lines, gateway)
  const time = effectiveOfFact(draft, { at: outcome.at, now: draft.now, last: instruction.lastAt })
  const reason = outcome.reason ?? null
  const kind = `${instruction.kind}_${outcome.kind}`
  const about = { escrow, gateway, payment, party, instruction: instruction.id }
  const entry = postEntry(draft, { kind, lines, ...time, reason, ...about })
  suspendRedirected(draft, redirected, {
    gateway,
    reference: payment,
    escrow,
    instruction: instruction.id,
    entry: entry.id,
  })
  const kept: Instruction = {
    ...instruction,
    reason,
    nextAt: null,
    lease: null,
    leaseUntil: null,
    ...outcome.changes,
    state: outcome.state,
    changedAt: draft.now,
    lastAt: entry.effectiveAt,
    lastEntry: entry.id,
    revision: instruction.revision + 1,
  }
  draft.put(instructions, kept)
  if (escrow !== null) tellEscrow(draft, kept, { kind, at: entry.effectiveAt })
  return kept
}

function tellEscrow(draft: Draft, instruction: Instruction, { kind, at }: { kind: string; at: number }): void {
  const escrow = draft.get(escrows, instruction.escrow ?? '')
  if (!escrow) return
  const detail = { instruction: instruction.id, amount: amountOf(instruction), reason: instruction.reason }
  keepEscrow(draft, escrow, { command: kind.replace('_', '-'), at, detail })
}

/**
 * The gateway has done it.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | refund | refunds:in-transit:razorpay 200.00 | gateway:razorpay:clearing 200.00 |
 * | payout, fee 5.90 | payouts:in-transit:razorpay 600.00, gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90 | gateway:razorpay:payouts 605.90 |
 */
export function processed(
  draft: Draft,
  instruction: Instruction,
  {
    reference,
    at,
    fee,
  }: { reference: string; at: ParsedInstant | undefined; fee?: { fee: Money; tax: Money } | undefined },
): Instruction {
  const { gateway, source } = instruction
  const amount = amountOf(instruction)
  const lines = [
    debit(inTransitOf(instruction), amount),
    ...(fee
      ? [
          debit(accountCodes.gatewayFees(gateway), subtract(fee.fee, fee.tax)),
          debit(accountCodes.gatewayFeeTax(gateway), fee.tax),
        ]
      : []),
    ...leaving(source, amount, fee?.fee),
  ]
  const changes = { gatewayReference: reference }
  return keepOutcome(draft, instruction, { kind: 'processed', state: 'processed', lines, at, changes })
}

/** What leaves an account: the amount and its fee as one line, unless the fee is charged in another currency. */
function leaving(source: string, amount: Money, fee: Money | undefined): Line[] {
  if (!fee) return [credit(source, amount)]
  return fee.currency === amount.currency
    ? [credit(source, add(amount, fee))]
    : [credit(source, amount), credit(source, fee)]
}

/**
 * Nothing comes of it: the money goes back to where it was instructed from.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | refund | refunds:in-transit:razorpay 200.00 | payer:c1:refunds 200.00 |
 * | payout | payouts:in-transit:razorpay 600.00 | payee:p1:payable 600.00 |
 */
export function failed(
  draft: Draft,
  instruction: Instruction,
  { state, reason, at }: { state: 'failed' | 'cancelled'; reason: string | null; at: ParsedInstant | undefined },
): Instruction {
  const amount = amountOf(instruction)
  const lines = [debit(inTransitOf(instruction), amount), credit(originOf(instruction), amount)]
  const kept = keepOutcome(draft, instruction, { kind: 'failed', state, lines, at, reason })
  freePayment(draft, instruction)
  return kept
}

/** What failed for good can go back from its payment again. */
function freePayment(draft: Draft, { gateway, payment, amountMinor }: Instruction): void {
  if (payment === null) return
  const known = draft.get(payments, paymentKey(gateway, payment))
  if (!known) return
  draft.put(payments, { ...known, refundedMinor: known.refundedMinor - amountMinor, revision: known.revision + 1 })
}
