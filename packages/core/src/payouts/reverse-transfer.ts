import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { parserOf, positiveAmountSchema, textSchema } from '../journal/schema.js'
import { compare, fromMinor, inWords } from '../money/index.js'
import { followUpIds, liveFollowUp } from './follow-up.js'
import { checkGatewayTakes } from './gateway-rules.js'
import { checkState, type InstructionAnswer, instructionAnswer, requireInstruction } from './instruction-outcome.js'

const schema = z.strictObject({
  id: textSchema({ min: 1, max: 190 }),
  transfer: textSchema({ min: 1, max: 190 }),
  amount: positiveAmountSchema,
})

/**
 * Takes a part of a transfer back from the payee's linked account, or all of it: before a refund is sent, so that the
 * balance has it. A request; what it posts when the gateway has done it stands at `processedLines`.
 *
 * Rules, in this order: `reversal_exists`, `instruction_not_found`, `instruction_state`, `release_exists` (what was
 * released is the payee's), `currency_mismatch`, `reversal_exceeds_transfer`, `operation_unsupported`, `amount_off_step`,
 * `below_gateway_minimum`.
 */
export const reverseTransferCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'transfers.reverse',
  parse: parserOf(schema),
  direct: ({ id, transfer }) => ({
    records: { instructions: [instructionIds.reversal(id), instructionIds.transfer(transfer)] },
  }),
  further: (input, view) => {
    const transfer = view.get(instructions, instructionIds.transfer(input.transfer))
    return transfer ? { records: { instructions: followUpIds('release', transfer) } } : {}
  },
  decide(input, draft) {
    const id = instructionIds.reversal(input.id)
    if (draft.get(instructions, id)) {
      throw ledgerError('reversal_exists', `There is a reversal ${input.id} already. Give every reversal its own id.`)
    }
    const transfer = requireInstruction(draft, instructionIds.transfer(input.transfer))
    checkState(transfer, ['processed'])
    if (liveFollowUp(draft, 'release', transfer)) {
      throw ledgerError('release_exists', `Transfer ${input.transfer} was released already: the payee is paid.`)
    }
    const { amount } = input
    const left = fromMinor(transfer.amountMinor - transfer.takenBackMinor, transfer.currency)
    if (compare(amount, left) > 0) {
      const message = `Of transfer ${input.transfer} ${inWords(left)} can still be taken back, not ${inWords(amount)}.`
      throw ledgerError('reversal_exceeds_transfer', message, { available: left, requested: amount })
    }
    checkGatewayTakes(draft, { gateway: transfer.gateway, kind: 'reversal', amount })
    const { gateway, party, escrow, payment, source } = transfer
    const about = { id, kind: 'reversal', gateway, party, escrow, payment, source, about: transfer.id } as const
    const recorded = newInstruction(draft, { ...about, amount, entry: null })
    draft.put(instructions, recorded)
    draft.put(instructions, {
      ...transfer,
      takenBackMinor: transfer.takenBackMinor + amount.minor,
      reversingMinor: transfer.reversingMinor + amount.minor,
      revision: transfer.revision + 1,
    })
    return instructionAnswer(recorded)
  },
}
