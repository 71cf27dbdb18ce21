import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { instantSchema, postingInstant } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { checkGatewayTakes } from './gateway-rules.js'
import { type InstructionAnswer, instructionAnswer } from './instruction-outcome.js'
import { ownIdSchema } from './own-id.js'

const schema = z.strictObject({
  id: ownIdSchema,
  payee: idSchema,
  amount: positiveAmountSchema,
  gateway: nameSchema,
  payment: idSchema.optional(),
  escrow: idSchema.optional(),
  hold: z.union([z.enum(['none', 'indefinite']), z.strictObject({ until: instantSchema })]).default('indefinite'),
})

/**
 * Moves money to a payee's linked account at the gateway, out of a payment or of the balance, where it is held until it is
 * released. A request; what it posts when the gateway has done it stands at `processedLines`.
 *
 * Rules, in this order: `transfer_exists`, `operation_unsupported`, `amount_off_step`, `below_gateway_minimum`.
 */
export const createTransferCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'transfers.create',
  parse: parserOf(schema),
  direct: ({ id }) => ({ records: { instructions: [instructionIds.transfer(id)] } }),
  decide(input, draft) {
    const id = instructionIds.transfer(input.id)
    if (draft.get(instructions, id)) {
      throw ledgerError('transfer_exists', `There is a transfer ${input.id} already. Give every transfer its own id.`)
    }
    const { gateway, payee, amount, payment = null, escrow = null, hold } = input
    checkGatewayTakes(draft, { gateway, kind: 'transfer', amount })
    const recorded = newInstruction(draft, {
      id,
      kind: 'transfer',
      gateway,
      party: payee,
      escrow,
      payment,
      source: draft.gateway(gateway).clearing,
      hold: holdText(hold, draft.book.timeZone),
      amount,
      entry: null,
    })
    draft.put(instructions, recorded)
    return instructionAnswer(recorded)
  },
}

function holdText(hold: z.output<typeof schema>['hold'], timeZone: string): string | null {
  if (typeof hold === 'string') return hold === 'none' ? null : hold
  return String(postingInstant(hold.until, timeZone))
}
