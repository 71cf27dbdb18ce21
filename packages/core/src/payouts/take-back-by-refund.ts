import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import { type Instruction, instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command, Needs } from '../journal/command.js'
import type { View } from '../journal/draft.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { fromMinor, subtract } from '../money/index.js'
import { followUpIds, liveFollowUp } from './follow-up.js'
import { type InstructionAnswer, instructionAnswer, processed } from './instruction-outcome.js'

const schema = z.strictObject({
  gateway: nameSchema,
  /** What the gateway calls the refund. */
  refund: idSchema,
  payment: idSchema,
  amount: positiveAmountSchema,
  at: instantSchema,
})
type Input = z.output<typeof schema>

/** The transfer that came with the payment; null where it is not in the books, or the payment is in another currency. */
function transferOf(view: Pick<View, 'get'>, { gateway, payment, amount }: Input): Instruction | null {
  const transfer = view.get(instructions, instructionIds.transfer(payment))
  const isIts = transfer?.gateway === gateway && transfer.payment === payment
  return isIts && transfer.currency === amount.currency ? transfer : null
}

/**
 * What of a refund a payee's own account gave: a reversal of the transfer that came with the payment, known by the refund's
 * reference. What is not there of the transfer any more, since it was released or the gateway's fee is missing from it, the
 * payee gave of its own, and is owed again. A fact, told before the refund is, whose own entry takes all of it from the
 * clearing account. Of 100.00 the payee gave 80.00, and had 76.02 of the payment:
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:paypal:clearing 80.00 | gateway:paypal:linked:p1 76.02, payee:p1:payable 3.98 |
 *
 * Null where no transfer of the payment is in the books; the same fact again is the first result. Throws
 * `instruction_state` while the transfer is just being released: what is left of it shows when that has ended.
 */
export const takeBackByRefundCommand: Command<Input, InstructionAnswer | null> = {
  name: 'transfers.giveBack',
  parse: parserOf(schema),
  direct: ({ refund, payment }) => ({
    records: { instructions: [instructionIds.reversal(refund), instructionIds.transfer(payment)] },
  }),
  further: (input, view) => needsOf(transferOf(view, input)),
  decide(input, draft) {
    const { refund, amount, at } = input
    const id = instructionIds.reversal(refund)
    const known = draft.get(instructions, id)
    const transfer = transferOf(draft, input)
    if (known || !transfer) {
      draft.repeat([])
      return known && instructionAnswer(known)
    }
    const release = liveFollowUp(draft, 'release', transfer)
    if (release && release.state !== 'processed') {
      const message = `Transfer ${input.payment} is just being released: what the refund took of it shows when that has ended.`
      throw ledgerError('instruction_state', message, { instruction: release.id, state: release.state })
    }
    const { gateway, party, escrow, payment, source, currency } = transfer
    const there = release ? 0n : transfer.amountMinor - transfer.takenBackMinor
    const ofTransfer = fromMinor(there < 0n ? 0n : there < amount.minor ? there : amount.minor, currency)
    const lines = [
      debit(source, amount),
      credit(accountCodes.linked(gateway, party), ofTransfer),
      credit(accountCodes.payable(party), subtract(amount, ofTransfer)),
    ]
    const about = { id, kind: 'reversal', gateway, party, escrow, payment, source, about: transfer.id } as const
    draft.put(instructions, {
      ...transfer,
      takenBackMinor: transfer.takenBackMinor + amount.minor,
      reversingMinor: transfer.reversingMinor + amount.minor,
      revision: transfer.revision + 1,
    })
    const made = { ...newInstruction(draft, { ...about, amount, entry: null }), lastAt: transfer.lastAt, revision: 0 }
    return instructionAnswer(processed(draft, made, { reference: refund, at, lines }))
  },
}

function needsOf(transfer: Instruction | null): Needs {
  if (!transfer) return {}
  const { gateway, party, source, currency, escrow } = transfer
  const linked = accountCodes.linked(gateway, party)
  const codes = [source, linked, accountCodes.payable(party), accountCodes.suspense(gateway)]
  return {
    accounts: codes.map((code) => ({ code, currency })),
    records: { instructions: followUpIds('release', transfer), escrows: escrow === null ? [] : [escrow] },
  }
}
