import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { followUpId, instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { idSchema, parserOf, textSchema } from '../journal/schema.js'
import { followUpIds, liveFollowUp } from './follow-up.js'
import { checkGatewayTakes } from './gateway-rules.js'
import { instructionNeeds } from './instruction-needs.js'
import {
  checkState,
  type InstructionAnswer,
  instructionAnswer,
  openStates,
  requireInstruction,
} from './instruction-outcome.js'
import { amountOf } from './money-way.js'

const schema = z.strictObject({
  id: textSchema({ min: 1, max: 190 }),
  payment: idSchema,
})

/**
 * Takes what the payer of an order has authorised, under the gateway's reference. A request; the payment is posted when
 * the gateway says that it was captured. An order is captured once: asked for again, it is the same instruction; another
 * authorisation is taken only when nothing came of the one before.
 *
 * Rules, in this order: `instruction_not_found`, `instruction_state`, `capture_exists`, `operation_unsupported`,
 * `amount_off_step`, `below_gateway_minimum`.
 */
export const captureOrderCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'orders.capture',
  parse: parserOf(schema),
  direct: ({ id }) => instructionNeeds(instructionIds.order(id)),
  further: ({ id }, view) => {
    const order = view.get(instructions, instructionIds.order(id))
    return order ? { records: { instructions: followUpIds('capture', order) } } : {}
  },
  decide({ id, payment }, draft) {
    const order = requireInstruction(draft, instructionIds.order(id))
    const known = liveFollowUp(draft, 'capture', order)
    if (known?.payment === payment) {
      draft.repeat([])
      return instructionAnswer(known)
    }
    checkState(order, openStates)
    if (known) {
      const message = `Order ${id} is captured by ${known.id}, which is ${known.state}. See instructions.get.`
      throw ledgerError('capture_exists', message)
    }
    checkGatewayTakes(draft, { gateway: order.gateway, kind: 'capture', amount: amountOf(order) })
    const { gateway, party, escrow, source } = order
    const recorded = newInstruction(draft, {
      id: followUpId('capture', order.id, order.followUps + 1),
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
    draft.put(instructions, { ...order, followUps: order.followUps + 1, revision: order.revision + 1 })
    return instructionAnswer(recorded)
  },
}
