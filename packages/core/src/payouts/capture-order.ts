import { z } from 'zod'
import { instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { idSchema, parserOf, textSchema } from '../journal/schema.js'
import { checkGatewayTakes } from './gateway-rules.js'
import { checkState, type InstructionAnswer, instructionAnswer, requireInstruction } from './instruction-outcome.js'
import { amountOf } from './money-way.js'

const schema = z.strictObject({
  id: textSchema({ min: 1, max: 190 }),
  payment: idSchema,
})

/**
 * Takes what the payer of an order has authorised, under the gateway's reference. A request; the payment is posted when
 * the gateway says that it was captured. An order is captured once: asked for again, it is the same instruction.
 */
export const captureOrderCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'orders.capture',
  parse: parserOf(schema),
  direct: ({ id }) => ({ records: { instructions: [instructionIds.order(id), instructionIds.capture(id)] } }),
  decide({ id, payment }, draft) {
    const order = requireInstruction(draft, instructionIds.order(id))
    const known = draft.get(instructions, instructionIds.capture(id))
    if (known) {
      draft.repeat([])
      return instructionAnswer(known)
    }
    checkState(order, ['accepted', 'unknown'])
    checkGatewayTakes(draft, { gateway: order.gateway, kind: 'capture', amount: amountOf(order) })
    const { gateway, party, escrow, source } = order
    const recorded = newInstruction(draft, {
      id: instructionIds.capture(id),
      kind: 'capture',
      gateway,
      party,
      escrow,
      payment,
      source,
      about: order.id,
      amount: amountOf(order),
      entry: null,
    })
    draft.put(instructions, recorded)
    return instructionAnswer(recorded)
  },
}
