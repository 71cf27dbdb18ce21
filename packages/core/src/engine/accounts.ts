import { z } from 'zod'
import {
  type Account,
  type AccountRef,
  type AccountType,
  accountTypes,
  type Freeze,
  inOwnDirection,
} from '../accounts/account.js'
import { type AccountView, accountView } from '../accounts/account-view.js'
import { ledgerError } from '../errors/index.js'
import {
  closeAccountCommand,
  freezeAccountCommand,
  openAccountCommand,
  type Restricted,
  unfreezeAccountCommand,
} from '../journal/account-commands.js'
import { type InstantInput, instantSchema, type ParsedInstant, readingInstant } from '../journal/instant.js'
import { zoneOf } from '../journal/local-day.js'
import { accountCodeSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money, type MoneyInput } from '../money/index.js'
import type { Reads, Totals } from '../storage/index.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { prefixSchema, readerOf, soughtCurrency } from './read-options.js'
import type { CallOptions } from './request.js'
import { type StatementLine, type StatementQuery, statement } from './statement.js'

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

export interface Accounts {
  /** Opens an account; answers it as it was opened. `account_reserved`, `account_exists`, `account_closed`. */
  open(
    input: {
      readonly code: string
      readonly currency: string
      /** Must be given for an account outside the chart. */
      readonly type?: AccountType | undefined
      /** The lowest and highest balance it may have, in its own direction. */
      readonly floor?: MoneyInput | undefined
      readonly ceiling?: MoneyInput | undefined
    },
    options?: CallOptions,
  ): Promise<Answer<AccountView>>
  /** Throws `account_not_found`. */
  get(ref: { readonly code: string; readonly currency: string }): Promise<AccountView>
  /** By code, then currency. Throws `invalid_input`, as every list does of a filter that it does not know. */
  list(filter?: {
    readonly prefix?: string | undefined
    readonly currency?: string | undefined
    readonly type?: AccountType | undefined
  }): Listing<AccountView>
  /** A balance, now or as of a time, without adding up the history. Throws `account_not_found`. */
  balance(query: BalanceQuery): Promise<BalanceView>
  /** The account's postings with a running balance. */
  statement(query: StatementQuery): Listing<StatementLine>
  /** Stops debits (default) or all postings, in every currency. `account_not_found`, `account_closed`. */
  freeze(
    input: { readonly code: string; readonly what?: Freeze | undefined; readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<Answer<Restricted>>
  unfreeze(
    input: { readonly code: string; readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<Answer<Restricted>>
  /** For good, in every currency. `account_not_found`, `account_closed`, `account_not_empty`. */
  close(
    input: { readonly code: string; readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<Answer<Restricted>>
}

export function createAccounts(context: BookContext): Accounts {
  const { reads, book } = context
  return {
    open: async (input, options) => answerOf(await context.run(openAccountCommand, input, options)),
    get: async (ref) => accountView(await requireAccount(reads, book, ref)),
    list(given) {
      const filter = readFilter(given)
      return createListing<Account, AccountView>({
        fetch: (after, limit) => {
          const [code, currency] = (after ?? []) as string[]
          const last = code === undefined || currency === undefined ? null : { code, currency }
          return reads.accounts(book, { ...filter, after: last, limit })
        },
        cursorOf: (account) => [account.code, account.currency],
        cursor: z.tuple([cursorParts.text, cursorParts.text]),
        view: accountView,
      })
    },
    balance: (query) => balanceAt(context, query),
    statement: (query) => statement(context, query),
    freeze: async (input, options) => answerOf(await context.run(freezeAccountCommand, input, options)),
    unfreeze: async (input, options) => answerOf(await context.run(unfreezeAccountCommand, input, options)),
    close: async (input, options) => answerOf(await context.run(closeAccountCommand, input, options)),
  }
}

const readFilter = readerOf({
  prefix: prefixSchema.optional(),
  currency: soughtCurrency.optional(),
  type: z.enum(accountTypes).optional(),
})

const refSchema = z.object({ code: accountCodeSchema, currency: z.string() })

/** Throws `account_not_found`. */
export async function requireAccount(
  reads: Reads,
  book: string,
  ref: { code: string; currency: string },
): Promise<Account> {
  const { code, currency } = parserOf(refSchema)(ref)
  const account = await reads.account(book, { code, currency })
  if (account) return account
  throw ledgerError(
    'account_not_found',
    `There is no account ${code} in ${currency} in this book. accounts.list shows them.`,
    { account: code },
  )
}

const balanceSchema = z.strictObject({
  account: accountCodeSchema,
  currency: z.string(),
  asOf: instantSchema.optional(),
  order: z.enum(['effective', 'recorded']).optional(),
})

async function balanceAt(context: BookContext, query: BalanceQuery): Promise<BalanceView> {
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

/** How often an account is looked at before it counts as one that never stands still. */
const LOOKS = 3

/**
 * What several reads tell of an account, as of one moment: in most cases nothing was posted to it meanwhile. Throws
 * `account_not_found`.
 */
export async function steady<Result>(
  context: BookContext,
  ref: AccountRef,
  read: (context: BookContext, account: Account) => Promise<Result>,
): Promise<Result> {
  const { reads, book } = context
  for (let look = 0; look < LOOKS; look++) {
    const account = await requireAccount(reads, book, ref)
    const result = await read(context, account)
    const after = await reads.account(book, ref)
    if (after?.version === account.version) return result
  }
  return context.snapshot(async (reads) => read({ ...context, reads }, await requireAccount(reads, book, ref)))
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
