import { z } from 'zod'
import { invalidInput } from '../accounts/text.js'
import { payoutPlanSchema } from '../engine/payout-run.js'
import { parserOf } from '../journal/schema.js'
import { shown } from '../money/index.js'

const periodSchema = z.custom<number>((ms) => typeof ms === 'number' && ms > 0 && Number.isFinite(ms), {
  error: ({ input }) => `must be a number of milliseconds above zero, not ${shown(input)}`,
})

const saySchema = z.custom<object>((value) => typeof value === 'function', {
  error: ({ input }) => `must be a function, not ${shown(input)}`,
})

const optionsSchema = z.object({
  books: z.array(z.string()).min(1).optional(),
  payouts: z.array(payoutPlanSchema).optional(),
  logger: z.object({ info: saySchema, error: saySchema }).optional(),
  everyMs: z
    .strictObject({
      inbox: periodSchema.optional(),
      settle: periodSchema.optional(),
      payouts: periodSchema.optional(),
      dispatch: periodSchema.optional(),
      statements: periodSchema.optional(),
    })
    .optional(),
})

/** Checks what `createWorker` was given before any of its tasks begins. Throws `invalid_input`. */
export function checkWorker(ledger: unknown, options: unknown): void {
  const isLedger = typeof ledger === 'object' && ledger !== null && 'book' in ledger && 'runtime' in ledger
  if (!isLedger)
    throw invalidInput([{ path: 'ledger', message: `must be what createLedger made, not ${shown(ledger)}` }])
  parserOf(optionsSchema)(options)
}
