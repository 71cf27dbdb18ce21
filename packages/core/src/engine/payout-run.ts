import { z } from 'zod'
import { type Account, balanceMinor } from '../accounts/account.js'
import { accountCodes, chartRule, idInCode } from '../accounts/chart.js'
import { defaultGatewayFacts, type GatewayFacts } from '../accounts/gateway-facts.js'
import { invariant } from '../errors/index.js'
import { type Instruction, instructionIds } from '../instructions/instruction.js'
import { formatDay, zoneOf } from '../journal/local-day.js'
import { amountSchema, nameSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import { requestPayoutCommand } from '../payouts/request-payout.js'
import type { BookContext } from './context.js'
import { gatewayFactsOf } from './gateway-directory.js'
import { actorSchema, signalSchema } from './read-options.js'
import type { CallOptions } from './request.js'
import { concernsOneAlone } from './run-failure.js'

export type PayoutSchedule = 'daily' | 'weekly' | 'monthly'

export interface PayoutRunOptions extends Pick<CallOptions, 'actor' | 'signal'> {
  readonly gateway: string
  /** What a balance must reach to be paid out; balances in other currencies are left alone where it is given. */
  readonly minimum?: MoneyInput | undefined
  /** A payee gets at most one automatic payout a currency in each day (default), week from Monday, or month of the book. */
  readonly schedule?: PayoutSchedule | undefined
}

/** What stays owed to a payee, and why. */
export interface LeftOwed {
  readonly payee: string
  readonly owed: Money
  /** It is below the minimum or the gateway's, was refused, or the payee's payout of this period was made already or failed. */
  readonly reason: string
}

export interface PayoutRun {
  readonly requested: number
  /** The first 1,000 of which something stays owed; `leftCount` counts all. */
  readonly left: readonly LeftOwed[]
  readonly leftCount: number
}

/** What is the same in every run of a plan. */
export const payoutPlanSchema = z.strictObject({
  gateway: nameSchema,
  minimum: amountSchema.optional(),
  schedule: z.enum(['daily', 'weekly', 'monthly']).optional(),
})

const schema = payoutPlanSchema.extend({ actor: actorSchema.optional(), signal: signalSchema.optional() })

const PAGE = 250
const MAX_LEFT = 1_000

/**
 * Requests a payout of each payable balance. Run again in the same period, it requests nothing twice: not what was earned
 * after the payout of the period, nor what is owed again since that failed, for whatever made it fail would do so in every run.
 */
export async function runPayouts(context: BookContext, options: PayoutRunOptions): Promise<PayoutRun> {
  const { actor = 'payout-run', signal, ...parsed } = parserOf(schema)(options)
  const { timeZone } = await context.reads.book(context.book)
  const run = {
    ...parsed,
    period: periodOf(parsed.schedule ?? 'daily', { now: context.runtime.now(), timeZone }),
    facts: gatewayFactsOf(context.gateways).get(parsed.gateway) ?? defaultGatewayFacts(parsed.gateway),
    call: { actor },
  }
  const left: LeftOwed[] = []
  let leftCount = 0
  let requested = 0
  let after: { code: string; currency: string } | null = null
  while (!signal?.aborted) {
    const filter = { prefix: 'payee:', suffix: ':payable', currency: parsed.minimum?.currency }
    const page: readonly Account[] = await context.reads.accounts(context.book, { ...filter, after, limit: PAGE })
    const results = await Promise.all(page.filter(isPayable).map((account) => payOut(context, account, run)))
    for (const result of results) {
      if (result === 'requested') requested += 1
      else if (result) {
        leftCount += 1
        if (left.length < MAX_LEFT) left.push(result)
      }
    }
    const last = page.at(-1)
    if (!last) break
    after = last
  }
  return { requested, left, leftCount }
}

/** Whether payouts of the payee in its code leave from it: a host may have accounts of its own whose codes look alike. */
function isPayable({ code }: Account): boolean {
  return chartRule(code)?.pattern === 'payee:*:payable' && accountCodes.payable(idInCode(code)) === code
}

interface Running {
  readonly gateway: string
  readonly minimum?: Money | undefined
  readonly period: string
  readonly facts: GatewayFacts
  readonly call: CallOptions
}

/** Pays out one account's balance; null when nothing is owed. */
async function payOut(
  context: BookContext,
  account: Account,
  { gateway, minimum, period, facts, call }: Running,
): Promise<'requested' | LeftOwed | null> {
  const balance = balanceMinor(account)
  if (balance <= 0n) return null
  const { currency } = account
  const payee = idInCode(account.code)
  const owed = fromMinor(balance, currency)
  const amount = fromMinor(balance - (balance % facts.stepMinor(currency)), currency)
  if (minimum && balance < minimum.minor) return { payee, owed, reason: 'below the minimum of this run' }
  if (amount.minor < facts.minimumMinor(currency) || amount.minor === 0n)
    return { payee, owed, reason: `below the minimum of ${gateway}` }
  const id = `auto:${period}:${currency}:${payee}`
  try {
    await context.run(requestPayoutCommand, { id, payee, amount, gateway }, call)
    return 'requested'
  } catch (error) {
    if (!concernsOneAlone(error)) throw error
    return error.code === 'payout_exists' ? leftBeside(context, account, id) : { payee, owed, reason: error.message }
  }
}

/** What stays owed beside the payout of the period. Both are read anew, since another worker may have requested it just now. */
async function leftBeside({ reads, book }: BookContext, account: Account, id: string): Promise<LeftOwed | null> {
  const payout = (await reads.record(book, 'instructions', instructionIds.payout(id))) as Instruction | null
  const now = await reads.account(book, account)
  invariant(payout && now, 'a payout that exists is there, and so is the account that it left')
  const balance = balanceMinor(now)
  if (balance <= 0n) return null
  const { state, reason } = payout
  const owed = fromMinor(balance, account.currency)
  const ended = state === 'failed' || state === 'cancelled' || state === 'reversed'
  const why = ended ? `is ${state}${reason === null ? '' : ` (${reason})`}` : 'was requested already'
  const further = 'Request another with payouts.request, or leave it to the next period.'
  return { payee: idInCode(account.code), owed, reason: `The payout ${id} of this period ${why}. ${further}` }
}

/** The name of the period that an instant lies in, in the book's zone: a day, a week by its Monday, or a month. */
function periodOf(schedule: PayoutSchedule, { now, timeZone }: { now: number; timeZone: string }): string {
  const day = zoneOf(timeZone).dayOf(now)
  if (schedule === 'daily') return formatDay(day)
  // 1970-01-01 was a Thursday, three days after a Monday.
  if (schedule === 'weekly') return `week-${formatDay(day - ((day + 3) % 7))}`
  return formatDay(day).slice(0, 7)
}
