import { z } from 'zod'
import { type Account, type AccountType, inOwnDirection } from '../accounts/account.js'
import { type InstantInput, instantSchema, type ParsedInstant, readingInstant } from '../journal/instant.js'
import { zoneOf } from '../journal/local-day.js'
import { accountCodeSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money } from '../money/index.js'
import type { Totals } from '../storage/index.js'
import type { BookContext } from './context.js'
import { requireAccount, steady } from './read-account.js'

export interface BalanceView {
  readonly account: string
  readonly currency: string
  readonly type: AccountType
  /** In the account's own direction. */
  readonly balance: Money
}

/** Which times count: when things took effect (default), or when they were written. */
export type TimeOrder = 'effective' | 'recorded'

export interface BalanceQuery {
  readonly account: string
  readonly currency: string
  /** An instant, inclusive; a bare date means the end of that day in the book's zone. Now, unless it is given. */
  readonly asOf?: InstantInput | undefined
  readonly order?: TimeOrder | undefined
}

const balanceSchema = z.strictObject({
  account: accountCodeSchema,
  currency: z.string(),
  asOf: instantSchema.optional(),
  order: z.enum(['effective', 'recorded']).optional(),
})

/** A balance now or as of a time. Throws `account_not_found`. */
export async function balanceAt(context: BookContext, query: BalanceQuery): Promise<BalanceView> {
  const { account: code, currency, asOf, order = 'effective' } = parserOf(balanceSchema)(query)
  const ref = { code, currency }
  if (asOf !== undefined) return steady(context, ref, (at, account) => balanceAsOf(at, account, { asOf, order }))
  const account = await requireAccount(context.reads, context.book, ref)
  return balanceView(account, netOf(account))
}

async function balanceAsOf(
  context: BookContext,
  account: Account,
  time: { asOf: ParsedInstant; order: TimeOrder },
): Promise<BalanceView> {
  return balanceView(account, await netAsOf(context, account, time))
}

/** A balance from debits less credits. */
function balanceView(account: Account, net: bigint): BalanceView {
  const { code, currency, type } = account
  return { account: code, currency, type, balance: fromMinor(inOwnDirection(type, net), currency) }
}

/** Debits less credits now. */
export function netOf(account: Account): bigint {
  return account.debitsPosted - account.creditsPosted
}

/** Debits less credits as of a time: from day totals and the postings of one day, or from the last posting then. */
export async function netAsOf(
  context: BookContext,
  account: Account,
  { asOf, order }: { asOf: ParsedInstant; order: TimeOrder },
): Promise<bigint> {
  const { reads, book } = context
  const { timeZone } = await reads.book(book)
  const instant = readingInstant(asOf, timeZone)
  if (order === 'recorded') return (await reads.lastRecorded(book, account, instant))?.posting.balance ?? 0n
  if (account.day === null) return 0n
  const { dayOf, startOf } = zoneOf(timeZone)
  const day = dayOf(instant)
  const wholeDay = instant === startOf(day + 1) - 1
  if (day > account.day || (wholeDay && day === account.day)) return netOf(account)
  if (wholeDay) return net(await reads.dayTotals(book, account, day))
  const before = await reads.dayTotals(book, account, day - 1)
  const within = await reads.effectiveTotals(book, account, { from: startOf(day), through: instant })
  return net(before) + net(within)
}

function net({ debits, credits }: Totals): bigint {
  return debits - credits
}
