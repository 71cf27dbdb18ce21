import { add, type BookLedger, escapeSegment, type InstructionView, type Money, subtract, zero } from 'escrow-ledger'
import { z } from 'zod'
import { route } from '../route.js'
import { idSchema, moneySchema } from '../wire.js'
import { pageOf } from './pages.js'
import { common, dateQuery, lineSchema, shownLine, statementQuery } from './read-accounts.js'

const params = z.strictObject({ id: idSchema })
const DAY_MS = 86_400_000
const PERIOD_DAYS = 30
const MOST_LINES = 200

const balanceSchema = z
  .strictObject({
    currency: z.string(),
    payable: moneySchema.describe('What is owed to the payee now, and can be paid out.'),
    onItsWay: moneySchema.describe('What payouts under way take to the payee.'),
    reserve: moneySchema,
    receivable: moneySchema.describe('What the payee owes.'),
    madeUpOf: z
      .strictObject({
        from: z.string().describe('As it was asked for; else an instant.'),
        opening: moneySchema.describe('What was payable before these lines.'),
        lines: z.array(lineSchema),
        complete: z.boolean().describe('Whether all lines are here; the statement has the rest.'),
      })
      .describe('The opening balance and these lines add up to what is payable, where they are complete.'),
  })
  .meta({ id: 'PayeeBalance' })

const balance = route({
  ...common,
  operation: 'payees.balance',
  path: '/payees/{id}/balance',
  summary: 'What is owed to a payee, and what makes it up',
  description: 'By currency. What sessions still hold is nobody’s yet, and so is in none of it.',
  tag: 'payees',
  params,
  query: z.strictObject({ from: dateQuery.optional().describe('Of the lines; 30 days ago unless it is given.') }),
  answer: z.strictObject({ payee: idSchema, balances: z.array(balanceSchema) }),
  owners: async ({ params: { id } }) => [{ role: 'payee', id }],
  async handle({ ledger, whole, params: { id }, query }) {
    const from = query.from ?? new Date(whole.runtime.now() - PERIOD_DAYS * DAY_MS).toISOString()
    const prefix = `payee:${escapeSegment(id)}:`
    const byCurrency = new Map<string, Record<string, Money>>()
    for await (const account of ledger.accounts.list({ prefix })) {
      const of = byCurrency.get(account.currency) ?? {}
      byCurrency.set(account.currency, { ...of, [account.code.slice(prefix.length)]: account.balance })
    }
    const payouts = await payoutsUnderWay(ledger, id)
    const balances: object[] = []
    for (const [currency, of] of byCurrency) {
      const none = zero(currency)
      const onItsWay = payouts.filter(({ amount }) => amount.currency === currency)
      balances.push({
        currency,
        payable: of.payable ?? none,
        onItsWay: onItsWay.reduce((sum, { amount }) => add(sum, amount), none),
        reserve: of.reserve ?? none,
        receivable: of.receivable ?? none,
        madeUpOf: await madeUpOf(ledger, {
          account: `${prefix}payable`,
          currency,
          from,
          isThere: of.payable !== undefined,
        }),
      })
    }
    return { body: { payee: id, balances } }
  },
})

const underWay = ['recorded', 'sending', 'accepted', 'unknown', 'waiting'] as const

async function payoutsUnderWay(ledger: BookLedger, payee: string): Promise<InstructionView[]> {
  const found: InstructionView[] = []
  for await (const payout of ledger.payouts.list({ payee, state: underWay })) found.push(payout)
  return found
}

interface Asked {
  readonly account: string
  readonly currency: string
  readonly from: string
  readonly isThere: boolean
}

async function madeUpOf({ accounts }: BookLedger, { account, currency, from, isThere }: Asked) {
  if (!isThere) return { from, opening: zero(currency), lines: [], complete: true }
  const { items } = await accounts.statement({ account, currency, from }).page({ limit: MOST_LINES + 1 })
  const [first] = items
  const before = first ? openingOf(first.balance, first) : (await accounts.balance({ account, currency })).balance
  const lines = items.slice(0, MOST_LINES).map(shownLine)
  return { from, opening: before, lines, complete: items.length === lines.length }
}

/** What was payable before a line: a credit has added to it, and a debit taken from it. */
function openingOf(after: Money, { debit, credit }: { debit: Money | null; credit: Money | null }): Money {
  if (debit) return add(after, debit)
  return credit ? subtract(after, credit) : after
}

const statement = route({
  ...common,
  operation: 'payees.statement',
  path: '/payees/{id}/statement',
  summary: 'What was owed to a payee and what was paid, line by line',
  tag: 'payees',
  params,
  query: statementQuery,
  answer: pageOf(lineSchema),
  owners: async ({ params: { id } }) => [{ role: 'payee', id }],
  async handle({ ledger, params: { id }, query: { after, limit, ...query } }) {
    const account = `payee:${escapeSegment(id)}:payable`
    const { items, next } = await ledger.accounts.statement({ account, ...query }).page({ after, limit })
    return { body: { items: items.map(shownLine), next } }
  },
})

export const payeeReads = [balance, statement]
