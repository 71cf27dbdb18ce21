import { z } from 'zod'
import type { Command } from '../journal/command.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, parserOf } from '../journal/schema.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { checkNotCompleted } from './deliver-escrow.js'
import { checkNotEnded, keepEscrow, requireEscrow } from './life.js'
import { checkMeasures, measuresSchema } from './measure-escrow.js'
import { stepTime } from './step-time.js'

const schema = z.strictObject({ id: idSchema, measures: measuresSchema.optional(), at: instantSchema.optional() })

/** Says that the deal was done, with its scores: the hold period begins. Posts nothing; may precede full funding. */
export const completeEscrowCommand: Command<z.output<typeof schema>, EscrowAnswer> = {
  name: 'escrows.complete',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    checkNotCompleted(escrow)
    const { measures = {} } = input
    if (Object.keys(measures).length > 0) checkMeasures(escrow, measures)
    const at = stepTime(draft, { at: input.at, notBefore: escrow.deliveredAt ?? escrow.openedAt })
    const completed = { ...escrow, completedAt: at, measures: { ...escrow.measures, ...measures } }
    return escrowAnswer(keepEscrow(draft, completed, { command: 'complete', at, detail: { measures } }))
  },
}
