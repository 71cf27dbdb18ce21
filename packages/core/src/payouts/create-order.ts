import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import { type Escrow, escrows } from '../escrow/escrow.js'
import { capacityOf, remainingMinor } from '../escrow/funding.js'
import { checkNotEnded } from '../escrow/life.js'
import { instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import type { View } from '../journal/draft.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { checkGatewayTakes } from './gateway-rules.js'
import { type InstructionAnswer, instructionAnswer } from './instruction-outcome.js'
import { ownIdSchema } from './own-id.js'

const schema = z.strictObject({
  id: ownIdSchema,
  escrow: idSchema,
  amount: positiveAmountSchema.optional(),
  gateway: nameSchema,
})
type OrderInput = z.output<typeof schema>

/**
 * Asks the payer of an escrow for money, through a gateway: what a checkout page pays. A request; nothing is posted, since
 * no money has moved. The amount is what the escrow still waits for unless it is given.
 *
 * Rules, in this order: `order_exists`, `escrow_not_found`, `escrow_already_settled` and the like, `currency_mismatch`,
 * `escrow_overfunded`, `amount_off_step` (of the terms; of the gateway; a gateway whose step does not divide that of the
 * terms), `operation_unsupported`, `below_gateway_minimum`.
 */
export const createOrderCommand: Command<OrderInput, InstructionAnswer> = {
  name: 'orders.create',
  parse: parserOf(schema),
  direct: ({ id, escrow }) => ({
    records: { instructions: [instructionIds.order(id)], escrows: [escrow], restrictions: [accountCodes.held(escrow)] },
  }),
  further: ({ escrow }, view) => {
    const currency = view.get(escrows, escrow)?.currency
    return currency === undefined ? {} : { accounts: [{ code: accountCodes.held(escrow), currency }] }
  },
  decide(input, draft) {
    const id = instructionIds.order(input.id)
    if (draft.get(instructions, id)) {
      throw ledgerError('order_exists', `There is an order ${input.id} already. Give every order its own id.`)
    }
    const escrow = draft.get(escrows, input.escrow)
    if (!escrow) {
      throw ledgerError(
        'escrow_not_found',
        `There is no escrow ${input.escrow} in this book. Open it before its order.`,
      )
    }
    checkNotEnded(escrow)
    const amount = input.amount ?? fromMinor(remainingMinor(escrow), escrow.currency)
    checkFits(draft, escrow, amount)
    checkStepOf(draft, escrow, input.gateway)
    checkGatewayTakes(draft, { gateway: input.gateway, kind: 'order', amount })
    const recorded = newInstruction(draft, {
      id,
      kind: 'order',
      gateway: input.gateway,
      party: escrow.payer,
      escrow: escrow.id,
      payment: null,
      source: draft.gateway(input.gateway).clearing,
      amount,
      entry: null,
    })
    draft.put(instructions, recorded)
    return instructionAnswer(recorded)
  },
}

/** What the escrow would not take when it is paid is not asked for. */
function checkFits(view: View, escrow: Escrow, amount: Money): void {
  const missing = fromMinor(remainingMinor(escrow), escrow.currency)
  const { reason } = capacityOf(view, escrow, { id: escrow.id, amount })
  if (reason === null && amount.minor > 0n) return
  switch (reason) {
    case 'currency_mismatch':
      throw ledgerError('currency_mismatch', `Escrow ${escrow.id} is in ${escrow.currency}, not ${amount.currency}.`)
    case 'account_frozen':
    case 'account_closed':
      throw ledgerError(reason, `The account of escrow ${escrow.id} takes no money. See accounts.get.`, {
        account: accountCodes.held(escrow.id),
      })
    case 'off_step': {
      const step = inWords(fromMinor(escrow.terms.stepMinor, escrow.currency))
      throw ledgerError('amount_off_step', `The terms of escrow ${escrow.id} take multiples of ${step}.`)
    }
    default: {
      const message = `Escrow ${escrow.id} waits for ${inWords(missing)}, and the order is for ${inWords(amount)}. Ask for no more than that.`
      throw ledgerError('escrow_overfunded', message, { escrow: escrow.id, available: missing, requested: amount })
    }
  }
}

/** Parts of the amount must fit the gateway's wire as well: a refund is a multiple of the terms' step. */
function checkStepOf(view: View, { id, currency, terms }: Escrow, gateway: string): void {
  const step = view.gateway(gateway).stepMinor(currency)
  if (terms.stepMinor % step === 0n) return
  const [needed, given] = [step, terms.stepMinor].map((minor) => inWords(fromMinor(minor, currency)))
  const message = `${gateway} takes multiples of ${needed}, and the terms of escrow ${id} make parts of ${given}. Open it with terms whose step is a multiple of ${needed}.`
  throw ledgerError('amount_off_step', message)
}
