import { z } from 'zod'
import { type Account, type AccountType, accountTypes, type Freeze } from '../accounts/account.js'
import { type AccountView, accountView } from '../accounts/account-view.js'
import {
  closeAccountCommand,
  freezeAccountCommand,
  openAccountCommand,
  type Restricted,
  unfreezeAccountCommand,
} from '../journal/account-commands.js'
import type { MoneyInput } from '../money/index.js'
import { type BalanceQuery, type BalanceView, balanceAt } from './balance.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { requireAccount } from './read-account.js'
import { prefixSchema, readerOf, soughtCurrency } from './read-options.js'
import type { CallOptions } from './request.js'
import { type StatementLine, type StatementQuery, statement } from './statement.js'

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
