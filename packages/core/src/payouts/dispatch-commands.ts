import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { CallOutcome } from '../gateways/gateway.js'
import { type Instruction, instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import { parserOf, textSchema } from '../journal/schema.js'
import { instructionIdSchema } from './instruction-commands.js'
import {
  checkState,
  failed,
  furtherNeeds,
  instructionNeeds,
  openStates,
  processed,
  requireInstruction,
} from './instruction-outcome.js'

const claimSchema = z.strictObject({
  id: instructionIdSchema,
  lease: textSchema({ min: 1, max: 64 }),
  leaseMs: z.int().min(1),
})

/** An instruction as the dispatcher claimed it, and whether the call may have been made before. */
export interface ClaimAnswer {
  readonly instruction: string
  /** `send`: it was never sent. `again`: an earlier attempt may have had its effect. `ask`: it was accepted. */
  readonly how: 'send' | 'again' | 'ask'
  readonly firstSentAt: number
}

/**
 * Takes an instruction for one attempt, until the lease runs out. Whoever comes meanwhile gets `lease_lost`; if the
 * attempt dies, the next one knows that the call may have been made.
 */
export const claimInstructionCommand: Command<z.output<typeof claimSchema>, ClaimAnswer> = {
  name: 'instructions.claim',
  parse: parserOf(claimSchema),
  direct: (input) => instructionNeeds(input.id),
  decide({ id, lease, leaseMs }, draft) {
    const instruction = requireInstruction(draft, id)
    checkState(instruction, openStates)
    if (instruction.lease !== null && (instruction.leaseUntil ?? 0) > draft.now) throw leaseLost(instruction)
    if (instruction.nextAt === null || instruction.nextAt > draft.now) throw leaseLost(instruction)
    const how = instruction.state === 'accepted' ? 'ask' : instruction.firstSentAt === null ? 'send' : 'again'
    const leaseUntil = draft.now + leaseMs
    const firstSentAt = instruction.firstSentAt ?? draft.now
    draft.put(instructions, {
      ...instruction,
      state: how === 'ask' ? 'accepted' : 'sending',
      attempts: instruction.attempts + 1,
      lease,
      leaseUntil,
      // Should this attempt die, the next one starts when the lease has run out.
      nextAt: leaseUntil,
      firstSentAt,
      changedAt: draft.now,
      revision: instruction.revision + 1,
    })
    return { instruction: id, how, firstSentAt }
  },
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
  /** When to look again, where the outcome is not final; null leaves it to an operator. */
  nextAt: z.int().min(0).nullable(),
})
type Noted = z.output<typeof noteSchema>

/** Keeps what came of an attempt. `lease_lost` if the lease has passed to another attempt meanwhile. */
export const noteOutcomeCommand: Command<Noted, { instruction: string; state: Instruction['state'] }> = {
  name: 'instructions.note',
  parse: parserOf(noteSchema),
  direct: (input) => instructionNeeds(input.id),
  further: (input, view) => furtherNeeds(view, input.id),
  decide(input, draft) {
    const instruction = requireInstruction(draft, input.id)
    if (instruction.lease !== input.lease) throw leaseLost(instruction)
    const { outcome } = input
    if (outcome.outcome === 'processed') {
      const at = outcome.at === undefined ? undefined : { at: outcome.at }
      return answer(processed(draft, instruction, { reference: outcome.reference, at }))
    }
    if (outcome.outcome === 'refused') {
      const reason = `${outcome.code}: ${outcome.reason}`.slice(0, 500)
      return answer(failed(draft, instruction, { state: 'failed', reason, at: undefined }))
    }
    const kept: Instruction = {
      ...instruction,
      ...stateAfter(instruction, outcome),
      gatewayReference: (outcome.outcome === 'accepted' ? outcome.reference : null) ?? instruction.gatewayReference,
      nextAt: input.nextAt,
      lease: null,
      leaseUntil: null,
      changedAt: draft.now,
      revision: instruction.revision + 1,
    }
    draft.put(instructions, kept)
    return answer(kept)
  },
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
  outcome: Exclude<CallOutcome, { outcome: 'processed' | 'refused' }>,
): Partial<Instruction> {
  switch (outcome.outcome) {
    case 'accepted':
      return { state: 'accepted', reason: null }
    case 'waiting': {
      // The claim of this attempt is the last change, and the first sending where both bear one time.
      const wasFirst = instruction.firstSentAt === instruction.changedAt
      const firstSentAt = wasFirst ? null : instruction.firstSentAt
      return { state: 'waiting', reason: outcome.reason.slice(0, 500), firstSentAt }
    }
    case 'unknown':
      return { state: 'unknown', reason: outcome.reason.slice(0, 500) }
    case 'absent':
      return { state: 'recorded', reason: null, firstSentAt: null }
  }
}
