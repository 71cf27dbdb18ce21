import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import { instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { checkGatewayTakes } from './gateway-rules.js'
import { type InstructionAnswer, instructionAnswer } from './instruction-outcome.js'
import { ownIdSchema } from './own-id.js'

const schema = z.strictObject({
  id: ownIdSchema,
  payee: idSchema,
  amount: positiveAmountSchema,
  gateway: nameSchema,
  at: instantSchema.optional(),
})

/**
 * Sends a payee money that is owed to it.
 *
 * | debit | credit |
 * | --- | --- |
 * | payee:p1:payable 600.00 | payouts:in-transit:razorpay 600.00 |
 */
export const requestPayoutCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'payouts.request',
  parse: parserOf(schema),
  direct: ({ id, payee, amount, gateway }) => ({
    records: { instructions: [instructionIds.payout(id)] },
    accounts: [accountCodes.payable(payee), accountCodes.payoutsInTransit(gateway)].map((code) => ({
      code,
      currency: amount.currency,
    })),
  }),
  decide({ id, payee, amount, gateway, at }, draft) {
    const instruction = instructionIds.payout(id)
    if (draft.get(instructions, instruction)) {
      throw ledgerError('payout_exists', `There is a payout ${id} already. Give every payout its own id.`)
    }
    checkGatewayTakes(draft, { gateway, kind: 'payout', amount })
    const { effectiveAt } = effectiveOfRequest(draft, { at, now: draft.now, last: null })
    const lines = [debit(accountCodes.payable(payee), amount), credit(accountCodes.payoutsInTransit(gateway), amount)]
    const entry = postEntry(draft, { kind: 'payout_requested', lines, effectiveAt, gateway, party: payee, instruction })
    const about = { id: instruction, kind: 'payout', gateway, party: payee, escrow: null, payment: null } as const
    const recorded = newInstruction(draft, { ...about, source: draft.gateway(gateway).payouts, amount, entry })
    draft.put(instructions, recorded)
    return instructionAnswer(recorded)
  },
}
