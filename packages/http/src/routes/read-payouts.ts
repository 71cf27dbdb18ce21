import { instructionStates } from 'escrow-ledger'
import { z } from 'zod'
import { isStaff } from '../pipeline/authorise.js'
import { route } from '../route.js'
import { idSchema } from '../wire.js'
import { instructionSchema } from './answers.js'
import { pageOf, pageQuery } from './pages.js'
import { common } from './read-accounts.js'
import { shownInstruction } from './shown.js'

const list = route({
  ...common,
  operation: 'payouts.list',
  path: '/payouts',
  summary: 'Payouts in the order in which they were requested: of one payee, or for staff of all',
  tag: 'payouts',
  query: z.strictObject({
    payee: idSchema.optional().describe('One’s own unless staff asks.'),
    state: z.enum(instructionStates).optional(),
    ...pageQuery,
  }),
  answer: pageOf(instructionSchema),
  owners: async ({ query, principal }) => [{ role: 'payee', id: query.payee ?? principal?.id ?? '' }],
  async handle({ ledger, principal, query: { payee, state, ...page } }) {
    const of = payee ?? (isStaff('payouts.list', principal) ? undefined : principal?.id)
    const { items, next } = await ledger.payouts.list({ payee: of, state }).page(page)
    return { body: { items: items.map((payout) => shownInstruction(payout, { nameOnly: true })), next } }
  },
})

const get = route({
  ...common,
  operation: 'payouts.get',
  path: '/payouts/{id}',
  summary: 'What became of a payout',
  tag: 'payouts',
  params: z.strictObject({ id: idSchema }),
  answer: instructionSchema,
  owners: async ({ ledger, params: { id } }) => [{ role: 'payee', id: (await ledger.payouts.get(id)).party }],
  handle: async ({ ledger, params: { id } }) => ({
    body: shownInstruction(await ledger.payouts.get(id), { nameOnly: true }),
  }),
})

export const payoutReads = [list, get]
