import type { TermsInput } from 'escrow-ledger'
import { z } from 'zod'
import { route } from '../route.js'
import { idSchema, moneyInputSchema, nameSchema, personSchema } from '../wire.js'
import { sessionAnswerSchema } from './answers.js'
import { sessionOwners } from './owners.js'
import { sessionReply } from './shown.js'

const tag = 'sessions'
const reason = z.string().min(1).max(500)
const own = { method: 'POST', tag, movesMoney: true, answer: sessionAnswerSchema } as const

const open = route({
  ...own,
  operation: 'sessions.open',
  path: '/sessions/open',
  summary: 'Open a session: what was agreed, between whom, for how much',
  body: z
    .strictObject({
      id: idSchema,
      payer: personSchema,
      parties: z
        .record(z.string().max(64), personSchema)
        .optional()
        .describe('The ids behind the party names of the terms.'),
      amount: moneyInputSchema,
      terms: z
        .looseObject({})
        .describe('Shares, deductions and hold, as docs/commands.md has them; checked and frozen here.'),
      metadata: z.record(z.string(), z.string()).optional(),
    })
    .meta({
      examples: [
        {
          ...{
            id: 'session-42',
            payer: 'chen',
            parties: { coach: 'priya' },
            amount: { amount: '1000.00', currency: 'INR' },
          },
          terms: {
            hold: { hours: 24 },
            shares: [
              { party: 'platform', percent: '20' },
              { party: 'coach', remainder: true },
            ],
          },
        },
      ],
    }),
  handle: async ({ ledger, body, options }) => {
    const opened = await ledger.escrows.open({ ...body, terms: body.terms as unknown as TermsInput }, options)
    return { ...sessionReply(opened), status: 201 }
  },
})

const complete = route({
  ...own,
  operation: 'sessions.complete',
  path: '/sessions/complete',
  summary: 'Say that a session took place, and how it was',
  body: z
    .strictObject({
      id: idSchema,
      measures: z
        .record(z.string().max(64), z.union([z.number(), z.string().max(40)]))
        .optional()
        .describe('Such as `{ "satisfaction": 4 }`: what the deductions of the terms ask for.'),
    })
    .meta({ examples: [{ id: 'session-42', measures: { satisfaction: 4 } }] }),
  owners: ({ ledger, body }) => sessionOwners(ledger, body.id),
  handle: async ({ ledger, body, options }) => sessionReply(await ledger.escrows.complete(body, options)),
})

const settle = route({
  ...own,
  operation: 'sessions.settle',
  path: '/sessions/settle',
  summary: 'Release what is held of a session that is due',
  body: z
    .strictObject({
      id: idSchema,
      early: z.strictObject({ reason, amount: moneyInputSchema.optional() }).optional(),
    })
    .meta({ examples: [{ id: 'session-42' }, { id: 'session-42', early: { reason: 'Both agreed.' } }] }),
  owners: ({ ledger, body }) => sessionOwners(ledger, body.id),
  handle: async ({ ledger, body, options }) => sessionReply(await ledger.escrows.settle(body, options)),
})

const refund = route({
  ...own,
  operation: 'sessions.refund',
  path: '/sessions/refund',
  summary: 'Give the payer back what is held, or a part of it',
  body: z
    .strictObject({
      id: idSchema,
      amount: moneyInputSchema.optional(),
      payment: z.strictObject({ gateway: nameSchema({ max: 64 }), reference: idSchema }).optional(),
      reason: reason.optional(),
    })
    .meta({
      examples: [{ id: 'session-42', amount: { amount: '100.00', currency: 'INR' }, reason: 'It began late.' }],
    }),
  owners: ({ ledger, body }) => sessionOwners(ledger, body.id),
  handle: async ({ ledger, body, options }) => sessionReply(await ledger.escrows.refund(body, options)),
})

const cancel = route({
  ...own,
  operation: 'sessions.cancel',
  path: '/sessions/cancel',
  summary: 'Call a session off',
  body: z
    .strictObject({ id: idSchema, reason: reason.optional() })
    .meta({ examples: [{ id: 'session-42', reason: 'The coach is ill.' }] }),
  owners: ({ ledger, body }) => sessionOwners(ledger, body.id),
  handle: async ({ ledger, body, options }) => sessionReply(await ledger.escrows.cancel(body, options)),
})

const dispute = route({
  ...own,
  operation: 'sessions.dispute',
  path: '/sessions/dispute',
  summary: 'Contest a session: what is contested is frozen until it is resolved',
  body: z
    .strictObject({
      id: idSchema,
      dispute: idSchema.optional(),
      amount: moneyInputSchema.optional(),
      reason: reason.optional(),
    })
    .meta({
      examples: [{ id: 'session-42', amount: { amount: '400.00', currency: 'INR' }, reason: 'It was too short.' }],
    }),
  owners: ({ ledger, body }) => sessionOwners(ledger, body.id),
  handle: async ({ ledger, body, options }) => sessionReply(await ledger.escrows.dispute(body, options)),
})

const resolve = route({
  ...own,
  operation: 'sessions.resolve',
  path: '/sessions/resolve',
  summary: 'Decide a dispute',
  body: z
    .strictObject({
      id: idSchema,
      dispute: idSchema.optional(),
      outcome: z.union([z.literal('payer'), z.literal('payee'), z.strictObject({ payer: moneyInputSchema })]),
    })
    .meta({
      examples: [
        { id: 'session-42', outcome: 'payee' },
        { id: 'session-42', outcome: { payer: { amount: '150.00', currency: 'INR' } } },
      ],
    }),
  owners: ({ ledger, body }) => sessionOwners(ledger, body.id),
  handle: async ({ ledger, body, options }) => sessionReply(await ledger.escrows.resolve(body, options)),
})

export const sessionRoutes = [open, complete, settle, refund, cancel, dispute, resolve]
