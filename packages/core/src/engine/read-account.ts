import { z } from 'zod'
import type { Account, AccountRef } from '../accounts/account.js'
import { ledgerError } from '../errors/index.js'
import { accountCodeSchema, parserOf } from '../journal/schema.js'
import type { Reads } from '../storage/index.js'
import type { BookContext } from './context.js'

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
