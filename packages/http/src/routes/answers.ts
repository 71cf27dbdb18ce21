import { escrowStatuses, instructionStates } from 'escrow-ledger'
import { z } from 'zod'
import { idSchema, moneySchema, timeSchema } from '../wire.js'

const inr = (amount: string) => ({ amount, currency: 'INR' })
const none = inr('0.00')
const sums = { funded: inr('1000.00'), held: inr('1000.00'), frozen: none, released: none, refunded: none }

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
  .meta({
    id: 'SessionAnswer',
    examples: [{ session: 'session-42', status: 'completed', ...sums, dueAt: '2026-11-03T09:00:00.000Z' }],
  })

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
  .meta({
    id: 'Instruction',
    examples: [
      {
        ...{ id: 'payout-7', gateway: 'razorpay', state: 'processed', amount: inr('600.00'), party: 'priya' },
        ...{ session: null, gatewayReference: 'pout_00000000000001', reason: null },
        ...{ createdAt: '2026-11-03T09:00:00.000Z', changedAt: '2026-11-03T09:02:00.000Z' },
      },
    ],
  })

/** An order after it was asked about, and where its session stands now. */
export const captureAnswerSchema = instructionSchema.extend({ sessionStatus: z.enum(escrowStatuses).nullable() }).meta({
  id: 'CaptureAnswer',
  examples: [
    {
      ...{ id: 'order-42', gateway: 'razorpay', state: 'processed', amount: inr('1000.00'), party: 'chen' },
      ...{ session: 'session-42', gatewayReference: 'order_00000000000001', reason: null },
      ...{ createdAt: '2026-11-02T09:00:00.000Z', changedAt: '2026-11-02T09:02:00.000Z', sessionStatus: 'funded' },
    },
  ],
})

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
  .meta({
    id: 'Entry',
    examples: [
      {
        ...{ id: '019a4b7e-3c00-7000-8000-000000000001', kind: 'release', description: 'Release of session-42' },
        ...{ effectiveAt: '2026-11-03T09:00:00.000Z', recordedAt: '2026-11-03T09:00:01.000Z' },
        postings: [
          { account: 'escrow:session-42', debit: inr('1000.00'), credit: null },
          { account: 'platform:fees', debit: null, credit: inr('200.00') },
          { account: 'payee:priya:payable', debit: null, credit: inr('800.00') },
        ],
      },
    ],
  })
