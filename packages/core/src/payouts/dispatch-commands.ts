import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { CallFee, CallOutcome } from '../gateways/outcome.js'
import { redactedOutcome } from '../gateways/redacted-outcome.js'
import { type Instruction, instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { parserOf, textSchema } from '../journal/schema.js'
import { chargeFeeToldLater } from './charge-payout-fee.js'
import { instructionIdSchema } from './instruction-commands.js'
import { furtherNeeds, instructionNeeds } from './instruction-needs.js'
import { checkState, failed, openStates, processed, requireInstruction, reversed } from './instruction-outcome.js'
import { exchangeKeys, exchangesSchema, keepExchanges } from './keep-exchanges.js'

const claimSchema = z.strictObject({
  id: instructionIdSchema,
  lease: textSchema({ min: 1, max: 64 }),
  leaseMs: z.int().min(1),
  /** Looks now, though it is not due: something was heard of it. */
  early: z.boolean().optional(),
  /** Where the money goes, where that is not kept yet. */
  destination: textSchema({ min: 1, max: 255 }).nullable().optional(),
})

/** An instruction as the dispatcher claimed it, and whether the call may have been made before. */
export interface ClaimAnswer {
  readonly instruction: string
  /**
   * `send`: it was never sent. `again`: an earlier attempt may have had its effect. `ask`: it was accepted. `watch`: it
   * was processed, and may still come back, or it is an order that failed, and may still be paid.
   */
  readonly how: 'send' | 'again' | 'ask' | 'watch'
  /** As it was before this attempt: null when it was never sent. */
  readonly lastSentAt: number | null
  /** What the claim changed, or may have found changed since the instruction was read. */
  readonly now: Pick<Instruction, (typeof claimedFields)[number]>
}

const claimedFields = [
  'state',
  'destination',
  'gatewayReference',
  'attempts',
  'firstSentAt',
  'lastSentAt',
  'lastAt',
  'changedAt',
] as const

/**
 * Takes an instruction for one attempt, until the lease runs out. Whoever comes meanwhile gets `lease_lost`; if the
 * attempt dies, the next one knows that the call may have been made.
 */
export const claimInstructionCommand: Command<z.output<typeof claimSchema>, ClaimAnswer> = {
  name: 'instructions.claim',
  parse: parserOf(claimSchema),
  direct: (input) => instructionNeeds(input.id),
  decide({ id, lease, leaseMs, early = false, destination = null }, draft) {
    const instruction = requireInstruction(draft, id)
    // An order that was given up may be paid late.
    const given = instruction.kind === 'order' ? (['failed'] as const) : []
    checkState(instruction, [...openStates, 'processed', ...given])
    if (!isFree(instruction, { now: draft.now, early })) throw leaseLost(instruction)
    const how = howToGoOn(instruction)
    // What may have had its effect with its batch goes on with that, never by itself.
    if (how === 'again' && instruction.batch !== null) throw leaseLost(instruction)
    const claimed = claim(draft, instruction, { how, lease, leaseMs, destination })
    const now = Object.fromEntries(claimedFields.map((field) => [field, claimed[field]])) as ClaimAnswer['now']
    return { instruction: id, how, lastSentAt: instruction.lastSentAt, now }
  },
}

/** Whether nobody has an instruction, and it is due unless it is looked at early. */
export function isFree(
  { lease, leaseUntil, nextAt }: Instruction,
  { now, early }: { readonly now: number; readonly early: boolean },
): boolean {
  if (lease !== null && (leaseUntil ?? 0) > now) return false
  return early || (nextAt !== null && nextAt <= now)
}

interface Claiming extends Pick<ClaimAnswer, 'how'> {
  readonly lease: string
  readonly leaseMs: number
  readonly destination: string | null
  readonly batch?: string | undefined
}

/** An instruction that one attempt has now. */
export function claim(draft: Draft, instruction: Instruction, claiming: Claiming): Instruction {
  const { how, lease, leaseMs, destination, batch } = claiming
  const leaseUntil = draft.now + leaseMs
  const sends = how === 'send' || how === 'again'
  const claimed: Instruction = {
    ...instruction,
    state: sends ? 'sending' : instruction.state,
    destination: instruction.destination ?? destination,
    batch: batch ?? instruction.batch,
    attempts: instruction.attempts + 1,
    lease,
    leaseUntil,
    // Should this attempt die, the next one starts when the lease has run out.
    nextAt: leaseUntil,
    firstSentAt: instruction.firstSentAt ?? draft.now,
    lastSentAt: sends ? draft.now : instruction.lastSentAt,
    changedAt: draft.now,
    revision: instruction.revision + 1,
  }
  draft.put(instructions, claimed)
  return claimed
}

function howToGoOn({ state, firstSentAt }: Instruction): ClaimAnswer['how'] {
  if (state === 'processed' || state === 'failed') return 'watch'
  if (state === 'accepted') return 'ask'
  return firstSentAt === null ? 'send' : 'again'
}

function leaseLost(instruction: Instruction) {
  return ledgerError(
    'lease_lost',
    `Instruction ${instruction.id} is being sent by another worker, or is not due. Leave it to that worker.`,
  )
}

/** `asked`: nothing new can be on its way to the gateway. `put off`: nothing ever was. `sent`: something may be. */
export const madeSchema = z.enum(['asked', 'put off', 'sent'])

const noteSchema = z.strictObject({
  id: instructionIdSchema,
  lease: textSchema({ min: 1, max: 64 }),
  outcome: z.custom<CallOutcome>((value) => typeof value === 'object' && value !== null && 'outcome' in value),
  made: madeSchema,
  exchanges: exchangesSchema,
  /** When to look again; null leaves it to an operator, or to nobody where the outcome is final. */
  nextAt: z.int().min(0).nullable(),
})
type Noted = z.output<typeof noteSchema>

/** Keeps what came of an attempt. `lease_lost` if the lease has passed to another attempt meanwhile. */
export const noteOutcomeCommand: Command<Noted, { instruction: string; state: Instruction['state'] }> = {
  name: 'instructions.note',
  parse: parserOf(noteSchema.transform((note) => ({ ...note, outcome: redactedOutcome(note.outcome) }))),
  direct: ({ id, exchanges }) => ({ records: { instructions: [id], exchanges: exchangeKeys(exchanges) } }),
  further: (input, view) => furtherNeeds(view, input.id, feeOf(input.outcome)?.fee),
  decide(input, draft) {
    const instruction = requireInstruction(draft, input.id)
    if (instruction.lease !== input.lease) throw leaseLost(instruction)
    keepExchanges(draft, input.exchanges)
    const { outcome, nextAt } = input
    const at = 'at' in outcome && outcome.at !== undefined ? { at: outcome.at } : undefined
    if (instruction.state === 'failed') {
      const reason = reasonOf(outcome) ?? instruction.reason
      return answer(keep(draft, instruction, { nextAt, reason }))
    }
    if (instruction.state === 'processed') return answer(watched(draft, instruction, { outcome, at, nextAt }))
    if (outcome.outcome === 'processed') {
      const { reference, fee } = outcome
      return answer(processed(draft, instruction, { reference, at, fee, nextAt }))
    }
    if (outcome.outcome === 'reversed') {
      // It came back, and was never seen to be processed.
      const cameBack = { ...instruction, gatewayReference: outcome.reference }
      return answer(failed(draft, cameBack, { state: 'failed', reason: outcome.reason.slice(0, 500), at }))
    }
    if (outcome.outcome === 'refused') {
      return answer(failed(draft, instruction, { state: 'failed', reason: reasonOf(outcome), at: undefined, nextAt }))
    }
    const reference = outcome.outcome === 'accepted' ? outcome.reference : null
    const gatewayReference = reference ?? instruction.gatewayReference
    return answer(keep(draft, instruction, { ...stateAfter(instruction, input, outcome), gatewayReference, nextAt }))
  },
}

function feeOf(outcome: CallOutcome): CallFee | undefined {
  return outcome.outcome === 'processed' ? outcome.fee : undefined
}

interface Watched {
  readonly outcome: CallOutcome
  readonly at: { at: number } | undefined
  readonly nextAt: number | null
}

/**
 * What was processed stays so, unless a payout came back. The fee of a payout may be told only now; whatever else the
 * gateway says is told as its reason.
 */
function watched(draft: Draft, instruction: Instruction, { outcome, at, nextAt }: Watched): Instruction {
  if (outcome.outcome === 'reversed' && instruction.kind === 'payout') {
    return reversed(draft, instruction, { reason: outcome.reason.slice(0, 500), at })
  }
  const fee = instruction.kind === 'payout' ? feeOf(outcome) : undefined
  if (fee) chargeFeeToldLater(draft, instruction, { ...fee, at })
  return keep(draft, instruction, { nextAt, reason: reasonOf(outcome) })
}

function reasonOf(outcome: CallOutcome): string | null {
  if (!('reason' in outcome)) return null
  const code = outcome.outcome === 'refused' ? `${outcome.code}: ` : ''
  return `${code}${outcome.reason}`.slice(0, 500)
}

export function keep(draft: Draft, instruction: Instruction, changes: Partial<Instruction>): Instruction {
  const kept: Instruction = {
    ...instruction,
    lease: null,
    leaseUntil: null,
    changedAt: draft.now,
    revision: instruction.revision + 1,
    ...changes,
  }
  draft.put(instructions, kept)
  return kept
}

function answer({ id, state }: Instruction) {
  return { instruction: id, state }
}

/** What came of an attempt that leaves it open what becomes of the instruction. */
export type OpenOutcome = Exclude<CallOutcome, { outcome: 'processed' | 'refused' | 'reversed' }>

/** An absent call never arrived, so it can be sent as if for the first time. So can one that was put off before it left. */
export function stateAfter(
  instruction: Instruction,
  { made }: Pick<Noted, 'made'>,
  outcome: OpenOutcome,
): Partial<Instruction> {
  const reason = reasonOf(outcome)
  // What was accepted stays so: that nobody answers a question now, or puts it off, does not change it.
  const asBefore = instruction.state === 'accepted' ? 'accepted' : 'unknown'
  switch (outcome.outcome) {
    case 'accepted':
      return { state: 'accepted', reason }
    case 'waiting':
      if (made === 'asked') return { state: asBefore, reason }
      return made === 'sent' ? { state: 'waiting', reason } : { state: 'waiting', reason, ...neverSent }
    case 'unknown':
      return { state: made === 'asked' ? asBefore : 'unknown', reason }
    case 'absent':
      return { state: 'recorded', reason, ...neverSent }
  }
}

/** Its batch never had an effect either, so it may go in another one. */
const neverSent = { firstSentAt: null, lastSentAt: null, batch: null } as const
