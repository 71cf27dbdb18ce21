import { z } from 'zod'
import { route } from '../route.js'
import { idSchema, moneyInputSchema, nameSchema } from '../wire.js'
import { instructionSchema } from './answers.js'
import { shownInstruction } from './shown.js'

const request = route({
  operation: 'payouts.request',
  method: 'POST',
  path: '/payouts/request',
  summary: 'Pay a payee out of what is owed to it',
  tag: 'payouts',
  movesMoney: true,
  body: z
    .strictObject({
      id: idSchema.max(100).describe('Your own id of the payout, unique in the book.'),
      payee: idSchema,
      amount: moneyInputSchema,
      gateway: nameSchema({ max: 64 }),
    })
    .meta({
      examples: [
        { id: 'payout-7', payee: 'priya', amount: { amount: '600.00', currency: 'INR' }, gateway: 'razorpay' },
      ],
    }),
  answer: instructionSchema,
  owners: async ({ body }) => [{ role: 'payee', id: body.payee }],
  async handle({ ledger, body, options }) {
    const { entries, replayed } = await ledger.payouts.request(body, options)
    const payout = await ledger.payouts.get(body.id)
    const shown = shownInstruction(payout, { nameOnly: true })
    return { body: shown, status: 201, entries: entries.map(({ id }) => id), replayed }
  },
})

export const payoutRoutes = [request]
