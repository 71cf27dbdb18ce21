import { escrowStatuses } from 'escrow-ledger'
import { z } from 'zod'
import { route } from '../route.js'
import { idSchema, moneySchema, timeSchema } from '../wire.js'
import { entrySchema, sessionAnswerSchema } from './answers.js'
import { sessionOwners } from './owners.js'
import { nextSchema, pageQuery } from './pages.js'
import { shownEntry, shownSession, shownStanding, shownStep } from './shown.js'
import { termsSchema } from './shown-terms.js'

const common = { method: 'GET', tag: 'sessions', movesMoney: false } as const
const params = z.strictObject({ id: idSchema })

const shareSchema = z.strictObject({
  allotted: moneySchema,
  deducted: moneySchema,
  released: moneySchema,
  withheld: moneySchema,
  takenBack: moneySchema,
})

const sessionSchema = z
  .strictObject({
    id: idSchema,
    status: z.enum(escrowStatuses),
    payer: idSchema,
    parties: z.record(z.string(), idSchema),
    amount: moneySchema,
    funded: moneySchema,
    held: moneySchema,
    frozen: moneySchema,
    released: moneySchema,
    refunded: moneySchema,
    chargedBack: moneySchema,
    terms: termsSchema,
    measures: z.record(z.string(), z.string()),
    metadata: z.record(z.string(), z.string()),
    openedAt: timeSchema,
    fundedAt: timeSchema.nullable(),
    deliveredAt: timeSchema.nullable(),
    completedAt: timeSchema.nullable(),
    settledAt: timeSchema.nullable(),
    cancelledAt: timeSchema.nullable(),
    dueAt: timeSchema.nullable(),
    shares: z.record(z.string(), shareSchema),
    deductions: z.array(
      z.strictObject({ name: z.string(), from: z.string(), taken: moneySchema, shortfall: moneySchema }),
    ),
    disputes: z.array(
      z.strictObject({
        id: z.string(),
        amount: moneySchema,
        reason: z.string().nullable(),
        openedAt: timeSchema,
        resolvedAt: timeSchema.nullable(),
        toPayer: moneySchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'Session' })

const get = route({
  ...common,
  operation: 'sessions.get',
  path: '/sessions/{id}',
  summary: 'A session: whose it is, what was agreed, where its money is, and what is disputed',
  params,
  answer: sessionSchema,
  owners: ({ ledger, params: { id } }) => sessionOwners(ledger, id),
  async handle({ ledger, params: { id } }) {
    return { body: shownSession(await ledger.escrows.get(id)) }
  },
})

const STEPS = 100

const timeline = route({
  ...common,
  operation: 'sessions.timeline',
  path: '/sessions/{id}/timeline',
  summary: 'The story of a session, step by step, with its entries',
  params,
  query: z.strictObject({
    after: z
      .string()
      .regex(/^\d{1,9}$/, 'must be a sequence')
      .transform(Number)
      .optional()
      .describe('The `next` of the page before.'),
    limit: pageQuery.limit,
  }),
  answer: z.strictObject({
    steps: z.array(
      z.strictObject({
        sequence: z.int(),
        command: z.string(),
        at: timeSchema,
        recordedAt: timeSchema,
        entries: z.array(entrySchema),
      }),
    ),
    next: nextSchema,
  }),
  owners: ({ ledger, params: { id } }) => sessionOwners(ledger, id),
  async handle({ ledger, params: { id }, query: { after, limit = STEPS } }) {
    const steps: ReturnType<typeof shownStep>[] = []
    for await (const step of ledger.escrows.timeline(id, { after })) {
      // One more than is asked for says that there is a next page.
      if (steps.length === limit) return { body: { steps, next: String(steps.at(-1)?.sequence) } }
      steps.push(shownStep(step))
    }
    return { body: { steps, next: null } }
  },
})

const preview = route({
  ...common,
  operation: 'sessions.preview',
  path: '/sessions/{id}/preview',
  summary: 'What settling would post, without posting it',
  params,
  answer: z.strictObject({ entries: z.array(entrySchema), after: sessionAnswerSchema }),
  owners: ({ ledger, params: { id } }) => sessionOwners(ledger, id),
  async handle({ ledger, params: { id } }) {
    const { entries, after } = await ledger.escrows.preview(id)
    return { body: { entries: entries.map(shownEntry), after: shownStanding(after) } }
  },
})

export const sessionReads = [get, timeline, preview]
