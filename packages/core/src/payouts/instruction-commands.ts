import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { instructRefund } from '../instructions/instruct-refund.js'
import { type Instruction, instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { instantSchema } from '../journal/instant.js'
import { descriptionSchema, nameSchema, parserOf, textSchema } from '../journal/schema.js'
import { zero } from '../money/index.js'
import { checkFee, feeSchema } from '../payments/charge-fee.js'
import { furtherNeeds, instructionNeeds } from './instruction-needs.js'
import {
  checkNotLeased,
  checkState,
  failed,
  type InstructionAnswer,
  instructionAnswer,
  openStates,
  processed,
  requireInstruction,
  reversed,
} from './instruction-outcome.js'
import { amountOf, inTransitOf, originOf } from './money-way.js'

/** Long enough for `payout:` and an automatic payout's period, currency and payee; and for `release#1000:` and a transfer. */
export const instructionIdSchema = textSchema({ min: 1, max: 210 })
const reasonSchema = textSchema({ min: 1, max: 500, lines: true })

const confirmSchema = z.strictObject({
  id: instructionIdSchema,
  reference: textSchema({ min: 1, max: 128 }),
  at: instantSchema.optional(),
  fee: feeSchema.omit({ id: true }).optional(),
})

/** An operator, or a gateway, says that it was done, under this reference. A fact. */
export const confirmInstructionCommand: Command<z.output<typeof confirmSchema>, InstructionAnswer> = {
  name: 'instructions.confirm',
  parse: (input) => {
    const parsed = parserOf(confirmSchema)(input)
    if (parsed.fee) checkFee(parsed.fee)
    return parsed
  },
  direct: (input) => instructionNeeds(input.id),
  further: (input, view) => furtherNeeds(view, input.id, input.fee?.fee),
  decide(input, draft) {
    const instruction = requireInstruction(draft, input.id)
    if (instruction.state === 'processed' && instruction.gatewayReference === input.reference) {
      const processedBy = instruction.lastEntry === null ? null : draft.entry(instruction.lastEntry)
      draft.repeat(processedBy ? [processedBy] : [])
      return instructionAnswer(instruction)
    }
    checkState(instruction, openStates)
    const fee = input.fee && { fee: input.fee.fee, tax: input.fee.tax ?? zero(input.fee.fee.currency) }
    const { reference, at } = input
    // The gateway is asked as well: an order has payments, and a payout may come back.
    const nextAt = draft.gateway(instruction.gateway).canBeAsked ? draft.now : null
    return instructionAnswer(processed(draft, instruction, { reference, at, fee, nextAt }))
  },
}

const failSchema = z.strictObject({ id: instructionIdSchema, reason: reasonSchema, at: instantSchema.optional() })

/** An operator, or a gateway, says that nothing comes of it. A fact. */
export const failInstructionCommand: Command<z.output<typeof failSchema>, InstructionAnswer> = {
  name: 'instructions.fail',
  parse: parserOf(failSchema),
  direct: (input) => instructionNeeds(input.id),
  further: (input, view) => furtherNeeds(view, input.id),
  decide({ id, reason, at }, draft) {
    const instruction = requireInstruction(draft, id)
    checkState(instruction, openStates)
    checkNotLeased(instruction, draft.now)
    const { kind, gateway, firstSentAt } = instruction
    // Its payer may have the checkout page open still.
    const mayBePaid = kind === 'order' && firstSentAt !== null && draft.gateway(gateway).canBeAsked
    const nextAt = mayBePaid ? draft.now : null
    return instructionAnswer(failed(draft, instruction, { state: 'failed', reason, at, nextAt }))
  },
}

const absentSchema = z.strictObject({ id: instructionIdSchema })

/** An operator says that it never arrived at the gateway: it is sent as if for the first time. */
export const absentInstructionCommand: Command<z.output<typeof absentSchema>, InstructionAnswer> = {
  name: 'instructions.absent',
  parse: parserOf(absentSchema),
  direct: (input) => instructionNeeds(input.id),
  decide({ id }, draft) {
    const instruction = requireInstruction(draft, id)
    checkState(instruction, ['unknown'])
    const sendable: Instruction = {
      ...instruction,
      state: 'recorded',
      batch: null,
      reason: null,
      nextAt: draft.now,
      lease: null,
      leaseUntil: null,
      firstSentAt: null,
      lastSentAt: null,
      changedAt: draft.now,
      revision: instruction.revision + 1,
    }
    draft.put(instructions, sendable)
    return instructionAnswer(sendable)
  },
}

const cancelSchema = z.strictObject({ id: instructionIdSchema, reason: descriptionSchema.optional() })

/** Takes back an instruction that was never sent. */
export const cancelInstructionCommand: Command<z.output<typeof cancelSchema>, InstructionAnswer> = {
  name: 'instructions.cancel',
  parse: parserOf(cancelSchema),
  direct: (input) => instructionNeeds(input.id),
  further: (input, view) => furtherNeeds(view, input.id),
  decide({ id, reason = null }, draft) {
    const instruction = requireInstruction(draft, id)
    checkState(instruction, ['recorded', 'waiting'])
    if (instruction.firstSentAt !== null) {
      throw ledgerError('instruction_state', `Instruction ${id} was sent once; ask the gateway what became of it.`, {
        instruction: id,
        state: instruction.state,
      })
    }
    return instructionAnswer(failed(draft, instruction, { state: 'cancelled', reason, at: undefined }))
  },
}

/** A payout came back after it was processed. A fact. What it posts stands at `reversed`. */
export const reverseInstructionCommand: Command<z.output<typeof failSchema>, InstructionAnswer> = {
  name: 'instructions.reverse',
  parse: parserOf(failSchema),
  direct: (input) => instructionNeeds(input.id),
  further: (input, view) => furtherNeeds(view, input.id),
  decide({ id, reason, at }, draft) {
    const instruction = requireInstruction(draft, id)
    checkState(instruction, instruction.kind === 'payout' ? ['processed'] : [])
    return instructionAnswer(reversed(draft, instruction, { reason, at }))
  },
}

const resendSchema = z.strictObject({ id: instructionIdSchema, gateway: nameSchema })

/**
 * Sends a refund that failed another way, by a new instruction; a request.
 *
 * | debit | credit |
 * | --- | --- |
 * | payer:c1:refunds 200.00 | refunds:in-transit:manual 200.00 |
 */
export const resendInstructionCommand: Command<z.output<typeof resendSchema>, InstructionAnswer> = {
  name: 'instructions.resend',
  parse: parserOf(resendSchema),
  direct: (input) => instructionNeeds(input.id),
  further: (input, view) => {
    const instruction = view.get(instructions, input.id)
    if (!instruction) return {}
    const { currency } = instruction
    const codes = [originOf(instruction), inTransitOf({ ...instruction, gateway: input.gateway })]
    const entries = instruction.lastEntry === null ? [] : [instruction.lastEntry]
    return { accounts: codes.map((code) => ({ code, currency })), entries }
  },
  decide(input, draft) {
    const instruction = requireInstruction(draft, input.id)
    checkState(instruction, instruction.kind === 'refund' ? ['failed', 'cancelled'] : [])
    if (instruction.replacedBy !== null) {
      const message = `Instruction ${input.id} was sent again as ${instruction.replacedBy}. Look at that one with instructions.get.`
      throw ledgerError('instruction_state', message, { instruction: input.id, state: instruction.state })
    }
    const back = instruction.lastEntry === null ? null : draft.entry(instruction.lastEntry)
    if (!back?.postings.some(({ code }) => code === originOf(instruction))) {
      const message = `The money of instruction ${input.id} went to suspense when it came back, since the payer's account took nothing. Refund it from there with suspense.resolve.`
      throw ledgerError('instruction_state', message, { instruction: input.id, state: instruction.state })
    }
    const { effectiveAt } = effectiveOfRequest(draft, { at: undefined, now: draft.now, last: instruction.lastAt })
    const { payouts, refunds } = draft.gateway(input.gateway)
    const { party: payer, escrow } = instruction
    const sent = instructRefund(draft, {
      gateway: input.gateway,
      payment: null,
      payer,
      escrow,
      amount: amountOf(instruction),
      // Without a payment to go back to, it is a payout to the gateway.
      source: refunds ?? payouts,
      effectiveAt,
    })
    draft.put(instructions, { ...instruction, replacedBy: sent.id, revision: instruction.revision + 1 })
    return instructionAnswer(sent)
  },
}
