import type { StatementLine } from 'escrow-ledger'
import { z } from 'zod'
import { route } from '../route.js'
import { moneySchema, nameSchema, timeSchema } from '../wire.js'
import { pageOf, pageQuery } from './pages.js'

export const common = { method: 'GET', movesMoney: false } as const
const currency = nameSchema({ max: 20 })
/** An instant with its offset, or a day of the book's zone. */
export const dateQuery = z
  .string()
  .max(40)
  .describe('An ISO 8601 instant with its offset, or a date such as 2026-10-31.')

export const lineSchema = z
  .strictObject({
    entry: z.string(),
    kind: z.string(),
    description: z.string(),
    session: z.string().nullable(),
    effectiveAt: timeSchema,
    recordedAt: timeSchema,
    debit: moneySchema.nullable(),
    credit: moneySchema.nullable(),
    balance: moneySchema.describe('After this line, in the account’s own direction.'),
  })
  .meta({ id: 'StatementLine' })

export function shownLine({
  entry,
  kind,
  description,
  escrow,
  effectiveAt,
  recordedAt,
  debit,
  credit,
  balance,
}: StatementLine) {
  return { entry, kind, description, session: escrow, effectiveAt, recordedAt, debit, credit, balance }
}

export const statementQuery = z.strictObject({
  currency,
  from: dateQuery.optional(),
  through: dateQuery.optional(),
  ...pageQuery,
})

const accountSchema = z
  .strictObject({
    code: z.string(),
    currency: z.string(),
    type: z.enum(['asset', 'liability', 'equity', 'income', 'expense']),
    balance: moneySchema,
    debits: moneySchema,
    credits: moneySchema,
    frozen: z.string().nullable(),
    closed: z.boolean(),
    openedAt: timeSchema,
  })
  .meta({ id: 'Account' })

const list = route({
  ...common,
  operation: 'accounts.list',
  path: '/accounts',
  summary: 'Accounts with their balances, by code and currency',
  tag: 'accounts',
  query: z.strictObject({
    prefix: nameSchema({ min: 0, max: 1_200 }).optional(),
    currency: currency.optional(),
    ...pageQuery,
  }),
  answer: pageOf(accountSchema),
  async handle({ ledger, query: { prefix, currency: of, ...page } }) {
    const { items, next } = await ledger.accounts.list({ prefix, currency: of }).page(page)
    const shown = items.map(({ code, currency: in_, type, balance, debits, credits, frozen, closed, openedAt }) => ({
      ...{ code, currency: in_, type, balance, debits, credits, frozen, closed, openedAt },
    }))
    return { body: { items: shown, next } }
  },
})

const statement = route({
  ...common,
  operation: 'accounts.statement',
  path: '/accounts/{code}/statement',
  summary: 'The lines of an account, with a running balance',
  tag: 'accounts',
  params: z.strictObject({ code: nameSchema({ max: 1_200 }) }),
  query: statementQuery,
  answer: pageOf(lineSchema),
  async handle({ ledger, params: { code }, query: { after, limit, ...query } }) {
    const { items, next } = await ledger.accounts.statement({ account: code, ...query }).page({ after, limit })
    return { body: { items: items.map(shownLine), next } }
  },
})

const trialBalance = route({
  ...common,
  operation: 'reports.trialBalance',
  path: '/reports/trial-balance',
  summary: 'Every account’s balance, and that debits are credits',
  tag: 'reports',
  query: z.strictObject({ asOf: dateQuery.optional(), groupBy: z.enum(['account', 'kind']).optional() }),
  answer: z
    .strictObject({
      rows: z.array(
        z.strictObject({
          account: z.string(),
          currency: z.string(),
          type: z.string(),
          debit: moneySchema.nullable(),
          credit: moneySchema.nullable(),
        }),
      ),
      totals: z.array(z.strictObject({ currency: z.string(), debit: moneySchema, credit: moneySchema })),
    })
    .meta({ id: 'TrialBalance' }),
  handle: async ({ ledger, query }) => ({ body: await ledger.reports.trialBalance(query) }),
})

export const accountReads = [list, statement, trialBalance]
