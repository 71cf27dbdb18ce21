import { accountCodes } from '../accounts/chart.js'
import type { Draft } from '../journal/draft.js'
import { credit, debit } from '../journal/entry.js'
import { postEntry } from '../journal/post-entry.js'
import type { Money } from '../money/index.js'
import { type Instruction, instructions } from './instruction.js'
import { newInstruction } from './new-instruction.js'

/** The entry and instruction of a refund whose money stands on `payer:<id>:refunds`. */
export function instructRefund(
  draft: Draft,
  refund: {
    gateway: string
    payment: string | null
    payer: string
    escrow: string | null
    amount: Money
    source: string
    effectiveAt: number
  },
): Instruction {
  const { gateway, payment, payer, escrow, amount, source, effectiveAt } = refund
  const id = draft.nextId()
  const entry = postEntry(draft, {
    kind: 'refund_instructed',
    lines: [debit(accountCodes.payerRefunds(payer), amount), credit(accountCodes.refundsInTransit(gateway), amount)],
    effectiveAt,
    escrow,
    gateway,
    payment,
    party: payer,
    instruction: id,
  })
  const about = { id, kind: 'refund', gateway, party: payer, escrow, payment, source, amount, entry } as const
  const instruction = newInstruction(draft, about)
  draft.put(instructions, instruction)
  return instruction
}
