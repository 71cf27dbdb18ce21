import { escrowStatuses, instructionStates } from 'escrow-ledger'
import { z } from 'zod'
import { idSchema, moneySchema, timeSchema } from '../wire.js'

/** Where a session stands after a command. */
export const sessionAnswerSchema = z
  .strictObject({
    session: idSchema,
    status: z.enum(escrowStatuses),
    funded: moneySchema,
    held: moneySchema,
    frozen: moneySchema,
    released: moneySchema,
    refunded: moneySchema,
    dueAt: timeSchema.nullable().describe('When what is held falls due; null while that cannot be said.'),
  })
  .meta({ id: 'SessionAnswer' })

/** Something that a gateway is asked to do. */
export const instructionSchema = z
  .strictObject({
    id: z.string(),
    gateway: z.string(),
    state: z.enum(instructionStates),
    amount: moneySchema,
    party: z.string(),
    session: z.string().nullable(),
    gatewayReference: z.string().nullable().describe("The gateway's own id, such as what a checkout page pays."),
    reason: z.string().nullable(),
    createdAt: timeSchema,
    changedAt: timeSchema,
  })
  .meta({ id: 'Instruction' })

/** One entry's line. */
const postingSchema = z.strictObject({
  account: z.string(),
  debit: moneySchema.nullable(),
  credit: moneySchema.nullable(),
})

export const entrySchema = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    description: z.string(),
    effectiveAt: timeSchema,
    recordedAt: timeSchema,
    postings: z.array(postingSchema),
  })
  .meta({ id: 'Entry' })
