import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, parserOf } from '../journal/schema.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { checkNotEnded, keepEscrow, requireEscrow } from './life.js'
import { stepTime } from './step-time.js'

const schema = z.strictObject({ id: idSchema, at: instantSchema.optional() })

/** Says that what was agreed was delivered: the inspection period of the terms begins. Posts nothing. */
export const deliverEscrowCommand: Command<z.output<typeof schema>, EscrowAnswer> = {
  name: 'escrows.deliver',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    checkNotCompleted(escrow)
    if (escrow.deliveredAt !== null) {
      throw ledgerError('escrow_already_delivered', `Escrow ${escrow.id} was delivered already. See escrows.get.`)
    }
    const at = stepTime(draft, { at: input.at, notBefore: escrow.openedAt })
    return escrowAnswer(keepEscrow(draft, { ...escrow, deliveredAt: at }, { command: 'deliver', at }))
  },
}

/** Throws `escrow_already_completed`. */
export function checkNotCompleted(escrow: { id: string; completedAt: number | null }): void {
  if (escrow.completedAt === null) return
  throw ledgerError('escrow_already_completed', `Escrow ${escrow.id} was completed already. See escrows.get.`)
}
