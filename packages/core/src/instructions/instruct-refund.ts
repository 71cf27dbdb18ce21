import { accountCodes } from '../accounts/chart.js'
import type { Draft } from '../journal/draft.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import { postEntry } from '../journal/post-entry.js'
import type { Money } from '../money/index.js'
import { type Instruction, instructions } from './instruction.js'

/** A new instruction, before anything was done about it. */
export function newInstruction(
  draft: Draft,
  about: Pick<Instruction, 'id' | 'kind' | 'gateway' | 'party' | 'escrow' | 'payment' | 'source'> & {
    amount: Money
    entry: Entry
  },
): Instruction {
  const { amount, entry, ...rest } = about
  return {
    ...rest,
    state: 'recorded',
    currency: amount.currency,
    amountMinor: amount.minor,
    gatewayKey: rest.id,
    gatewayReference: null,
    reason: null,
    attempts: 0,
    nextAt: draft.now,
    lease: null,
    leaseUntil: null,
    createdAt: draft.now,
    lastAt: entry.effectiveAt,
    lastEntry: entry.id,
    firstSentAt: null,
    changedAt: draft.now,
    replacedBy: null,
    revision: 1,
  }
}

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
