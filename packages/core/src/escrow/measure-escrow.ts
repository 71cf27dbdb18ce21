import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, parserOf } from '../journal/schema.js'
import { compareScores, parseScore } from '../money/index.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import type { Escrow } from './escrow.js'
import { checkNotEnded, keepEscrow, requireEscrow } from './life.js'
import { stepTime } from './step-time.js'

/** Scores by measure: numbers or decimal texts with at most 6 decimals. */
export const measuresSchema = z
  .record(z.string(), z.union([z.number(), z.string()]))
  .transform((measures) =>
    Object.fromEntries(Object.entries(measures).map(([name, score]) => [name, parseScore(score)])),
  )

const schema = z.strictObject({ id: idSchema, measures: measuresSchema, at: instantSchema.optional() })

/** Sets or changes scores, until the first release. Posts nothing. */
export const measureEscrowCommand: Command<z.output<typeof schema>, EscrowAnswer> = {
  name: 'escrows.measure',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    checkMeasures(escrow, input.measures)
    const at = stepTime(draft, { at: input.at, notBefore: escrow.openedAt })
    const measured = { ...escrow, measures: { ...escrow.measures, ...input.measures } }
    return escrowAnswer(keepEscrow(draft, measured, { command: 'measure', at, detail: { measures: input.measures } }))
  },
}

/** Refuses scores: `measures_fixed` after the first release, `measure_unknown`, `measure_out_of_scale`. */
export function checkMeasures(escrow: Escrow, measures: Readonly<Record<string, string>>): void {
  if (escrow.releases > 0) {
    throw ledgerError(
      'measures_fixed',
      `Escrow ${escrow.id} has had a release: its measures do not change any more. Settle the difference with the parties.`,
    )
  }
  const scales = new Map(escrow.terms.deductions.map((deduction) => [deduction.measure, deduction.scale]))
  for (const name of Object.keys(measures)) {
    if (scales.has(name)) continue
    const known = [...scales.keys()].join(', ')
    const instead = known ? `Leave it out, or name one of these: ${known}.` : 'Leave it out.'
    throw ledgerError('measure_unknown', `The terms of escrow ${escrow.id} know no measure "${name}". ${instead}`)
  }
  for (const [name, score] of Object.entries(measures)) {
    const scale = scales.get(name)
    if (!scale || (compareScores(score, scale.min) >= 0 && compareScores(score, scale.max) <= 0)) continue
    throw ledgerError(
      'measure_out_of_scale',
      `${name} runs from ${scale.min} to ${scale.max}; ${score} lies outside. Correct the score.`,
    )
  }
}
