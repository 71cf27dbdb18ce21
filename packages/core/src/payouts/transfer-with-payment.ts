import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import { instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { type InstructionAnswer, instructionAnswer, processed } from './instruction-outcome.js'

const schema = z.strictObject({
  gateway: nameSchema,
  payment: idSchema,
  payee: idSchema,
  escrow: idSchema,
  /** What the gateway calls the payee's account. */
  account: idSchema,
  amount: positiveAmountSchema,
  heldUntil: z.int().min(0).nullable(),
  at: instantSchema,
})

/**
 * What a gateway gave to a payee's own account when it took a payment (PayPal, where an order names its seller): a
 * transfer that nobody asked for, known by the payment's reference, and processed from the start. A fact, told before the
 * payment itself is, so that whatever goes back of the payment finds it. A payment of 100.00, of which the gateway keeps
 * 3.98 and the platform 20.00:
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:paypal:linked:p1 76.02 | gateway:paypal:clearing 76.02 |
 *
 * The same fact again is the first result. Throws `transfer_exists` if there is another transfer of that id.
 */
export const transferWithPaymentCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'transfers.come',
  parse: parserOf(schema),
  direct: ({ payment, escrow }) => ({
    records: { instructions: [instructionIds.transfer(payment)], escrows: [escrow] },
  }),
  further: ({ gateway, payee, amount: { currency } }, view) => {
    const codes = [accountCodes.linked(gateway, payee), view.gateway(gateway).clearing, accountCodes.suspense(gateway)]
    return { accounts: codes.map((code) => ({ code, currency })) }
  },
  decide(input, draft) {
    const { gateway, payment, payee, escrow, account, amount, heldUntil, at } = input
    const id = instructionIds.transfer(payment)
    const known = draft.get(instructions, id)
    if (known) {
      const isSame = known.gateway === gateway && known.payment === payment && known.amountMinor === amount.minor
      if (!isSame) throw ledgerError('transfer_exists', `Transfer ${payment} is another than came with the payment.`)
      draft.repeat([])
      return instructionAnswer(known)
    }
    const hold = heldUntil === null ? null : String(heldUntil)
    const source = draft.gateway(gateway).clearing
    const about = { id, kind: 'transfer', gateway, party: payee, escrow, payment, source, hold } as const
    const made = newInstruction(draft, { ...about, amount, entry: null })
    const nextAt = Math.max(heldUntil ?? 0, draft.now)
    const came = { ...made, destination: account, revision: 0 }
    return instructionAnswer(processed(draft, came, { reference: payment, at, nextAt }))
  },
}
