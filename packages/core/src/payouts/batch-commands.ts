import { z } from 'zod'
import { invariant, ledgerError } from '../errors/index.js'
import { redactedOutcome } from '../gateways/redacted-outcome.js'
import { type Instruction, instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { parserOf, textSchema } from '../journal/schema.js'
import { claim, isFree, keep, madeSchema, type OpenOutcome, stateAfter } from './dispatch-commands.js'
import { instructionIdSchema } from './instruction-commands.js'

const keySchema = textSchema({ min: 1, max: 64 })

const claimSchema = z.strictObject({
  batch: keySchema,
  /** Whether the batch was made before, and may have been sent: nothing comes to it then. */
  again: z.boolean(),
  lease: keySchema,
  leaseMs: z.int().min(1),
  /** Though they are not due: something was heard of them, or of the batch that they were in a moment ago. */
  early: z.boolean(),
  payouts: z
    .array(z.strictObject({ id: instructionIdSchema, destination: textSchema({ min: 1, max: 255 }).nullable() }))
    .min(1),
})
type Claim = z.output<typeof claimSchema>

/** How many payouts the attempt has now. */
interface BatchClaimed {
  readonly claimed: number
}

/** The states of payouts that have yet to be sent, or may have to be sent again. */
const unsentStates = ['recorded', 'waiting', 'sending', 'unknown'] as const

export function isUnsent({ state }: Pick<Instruction, 'state'>): boolean {
  return (unsentStates as readonly string[]).includes(state)
}

/**
 * Takes payouts for one attempt at sending them in one request, and so fixes what that request says before it leaves: of a
 * new batch all that are free, and of one that was made before every one that is still open, or none. `lease_lost` where
 * there are none to have.
 */
export const claimBatchCommand: Command<Claim, BatchClaimed> = {
  name: 'instructions.claim-batch',
  parse: parserOf(claimSchema),
  direct: ({ payouts }) => ({ records: { instructions: payouts.map(({ id }) => id) } }),
  decide(input, draft) {
    const known = input.payouts.flatMap(({ id, destination }) => {
      const instruction = draft.get(instructions, id)
      return instruction && isUnsent(instruction) ? [{ instruction, destination }] : []
    })
    const members = input.again ? ofBatch(known, input, draft) : neverSent(known, input, draft)
    invariant(isOneKind(members.map(({ instruction }) => instruction)), 'a batch is of one gateway and currency')
    const { lease, leaseMs, batch } = input
    if (members.length === 0) {
      const message = `The payouts of batch ${batch} are being sent by another worker, or are not due. Leave them to that worker.`
      throw ledgerError('lease_lost', message)
    }
    const how = input.again ? 'again' : 'send'
    for (const { instruction, destination } of members) {
      claim(draft, instruction, { how, lease, leaseMs, destination, batch })
    }
    return { claimed: members.length }
  },
}

interface Member {
  readonly instruction: Instruction
  readonly destination: string | null
}

/** While somebody has one of them, somebody has the batch. */
function ofBatch(known: readonly Member[], { batch, early }: Claim, { now }: Draft): readonly Member[] {
  const members = known.filter(({ instruction }) => instruction.batch === batch)
  const isDue = members.some(({ instruction }) => isFree(instruction, { now, early }))
  const isTaken = members.some(({ instruction }) => !isFree(instruction, { now, early: true }))
  return isDue && !isTaken ? members : []
}

function neverSent(known: readonly Member[], { early }: Claim, { now }: Draft): readonly Member[] {
  return known.filter(({ instruction }) => {
    const { batch, firstSentAt } = instruction
    return batch === null && firstSentAt === null && isFree(instruction, { now, early })
  })
}

function isOneKind(members: readonly Instruction[]): boolean {
  return new Set(members.map(({ kind, gateway, currency }) => `${kind} ${gateway} ${currency}`)).size <= 1
}

const noteSchema = z.strictObject({
  ids: z.array(instructionIdSchema).min(1),
  lease: keySchema,
  outcome: z.custom<OpenOutcome>((value) => typeof value === 'object' && value !== null && 'outcome' in value),
  made: madeSchema,
  nextAt: z.int().min(0).nullable(),
})
type Noted = z.output<typeof noteSchema>

/** Keeps what came of sending a batch for all of its payouts alike. Those that the lease no longer holds are left alone. */
export const noteBatchCommand: Command<Noted, { readonly noted: number }> = {
  name: 'instructions.note-batch',
  parse: parserOf(noteSchema.transform((note) => ({ ...note, outcome: redactedOutcome(note.outcome) as OpenOutcome }))),
  direct: ({ ids }) => ({ records: { instructions: ids } }),
  decide({ ids, lease, outcome, made, nextAt }, draft) {
    const held = ids.flatMap((id) => {
      const instruction = draft.get(instructions, id)
      return instruction?.lease === lease ? [instruction] : []
    })
    for (const instruction of held) {
      const reference = outcome.outcome === 'accepted' ? outcome.reference : null
      const gatewayReference = reference ?? instruction.gatewayReference
      keep(draft, instruction, { ...stateAfter(instruction, { made }, outcome), gatewayReference, nextAt })
    }
    return { noted: held.length }
  },
}
