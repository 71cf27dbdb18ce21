import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { CallFee, CallOutcome } from '../gateways/outcome.js'
import { redactedOutcome } from '../gateways/redacted-outcome.js'
import { type Instruction, instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { parserOf, textSchema } from '../journal/schema.js'
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
   * was processed, and may still come back.
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
    checkState(instruction, [...openStates, 'processed'])
    if (instruction.lease !== null && (instruction.leaseUntil ?? 0) > draft.now) throw leaseLost(instruction)
    if (!early && (instruction.nextAt === null || instruction.nextAt > draft.now)) throw leaseLost(instruction)
    const how = howToGoOn(instruction)
    const leaseUntil = draft.now + leaseMs
    const sends = how === 'send' || how === 'again'
    const claimed: Instruction = {
      ...instruction,
      state: sends ? 'sending' : instruction.state,
      destination: instruction.destination ?? destination,
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
    const now = Object.fromEntries(claimedFields.map((field) => [field, claimed[field]])) as ClaimAnswer['now']
    return { instruction: id, how, lastSentAt: instruction.lastSentAt, now }
  },
}

function howToGoOn({ state, firstSentAt }: Instruction): ClaimAnswer['how'] {
  if (state === 'processed') return 'watch'
  if (state === 'accepted') return 'ask'
  return firstSentAt === null ? 'send' : 'again'
}

function leaseLost(instruction: Instruction) {
  return ledgerError(
    'lease_lost',
    `Instruction ${instruction.id} is being sent by another worker, or is not due. Leave it to that worker.`,
  )
}

const noteSchema = z.strictObject({
  id: instructionIdSchema,
  lease: textSchema({ min: 1, max: 64 }),
  outcome: z.custom<CallOutcome>((value) => typeof value === 'object' && value !== null && 'outcome' in value),
  /** Whether the attempt only asked: then nothing new can be on its way to the gateway. */
  asked: z.boolean(),
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
    if (outcome.outcome === 'reversed') return answer(takeBack(draft, instruction, outcome, at))
    if (instruction.state === 'processed') return answer(keep(draft, instruction, { nextAt }))
    if (outcome.outcome === 'processed') {
      const { reference, fee } = outcome
      const done = processed(draft, instruction, { reference, at, fee })
      return answer(nextAt === null ? done : keep(draft, done, { nextAt, revision: done.revision }))
    }
    if (outcome.outcome === 'refused') {
      const reason = `${outcome.code}: ${outcome.reason}`.slice(0, 500)
      return answer(failed(draft, instruction, { state: 'failed', reason, at: undefined }))
    }
    const reference = outcome.outcome === 'accepted' ? outcome.reference : null
    const gatewayReference = reference ?? instruction.gatewayReference
    return answer(keep(draft, instruction, { ...stateAfter(instruction, input, outcome), gatewayReference, nextAt }))
  },
}

function feeOf(outcome: CallOutcome): CallFee | undefined {
  return outcome.outcome === 'processed' ? outcome.fee : undefined
}

/** What came back may never have been seen to be processed. */
function takeBack(
  draft: Draft,
  instruction: Instruction,
  outcome: Extract<CallOutcome, { outcome: 'reversed' }>,
  at: { at: number } | undefined,
): Instruction {
  const { reference } = outcome
  const reason = outcome.reason.slice(0, 500)
  if (instruction.state !== 'processed') {
    return failed(draft, { ...instruction, gatewayReference: reference }, { state: 'failed', reason, at })
  }
  if (instruction.kind === 'payout') return reversed(draft, instruction, { reason, at })
  return keep(draft, instruction, { reason, nextAt: null })
}

function keep(draft: Draft, instruction: Instruction, changes: Partial<Instruction>): Instruction {
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

/**
 * An absent call never arrived, so it can be sent as if for the first time. So can one that the gateway put off when it
 * was sent for the first time.
 */
function stateAfter(
  instruction: Instruction,
  { asked }: Noted,
  outcome: Exclude<CallOutcome, { outcome: 'processed' | 'refused' | 'reversed' }>,
): Partial<Instruction> {
  switch (outcome.outcome) {
    case 'accepted':
      return { state: 'accepted', reason: null }
    case 'waiting': {
      // The claim of this attempt is the last change, and the first sending where both bear one time.
      const wasFirst = !asked && instruction.firstSentAt === instruction.changedAt
      const neverSent = wasFirst ? { firstSentAt: null, lastSentAt: null } : {}
      return { state: 'waiting', reason: outcome.reason.slice(0, 500), ...neverSent }
    }
    case 'unknown':
      // What was accepted stays so: that nobody answers now does not change it.
      return {
        state: asked && instruction.state === 'accepted' ? 'accepted' : 'unknown',
        reason: outcome.reason.slice(0, 500),
      }
    case 'absent':
      return { state: 'recorded', reason: null, firstSentAt: null, lastSentAt: null }
  }
}
