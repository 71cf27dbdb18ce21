import type { Account } from '../../accounts/account.js'
import type { Restriction } from '../../accounts/restriction.js'
import { restrictions } from '../../journal/restrictions.js'
import { createJudge, type Deviation, type Judge } from './deviations.js'
import type { Verification } from './verification.js'
import type { RecordCheck } from './walk-records.js'

/** What was decided for a code holds for its accounts in all currencies. */
export const restrictionCheck: RecordCheck<Restriction> = {
  kind: restrictions,
  counted: 'restrictions',
  judge: (verification, page) => Promise.all(page.map((restriction) => judgeAccountsOf(verification, restriction))),
}

async function judgeAccountsOf(
  { reads, book, pageSize: limit }: Verification,
  restriction: Restriction,
): Promise<readonly Deviation[]> {
  const judge = createJudge({})
  let after: Account | null = null
  for (;;) {
    const page: readonly Account[] = await reads.accounts(book, { after, limit, prefix: restriction.code })
    for (const account of page) if (account.code === restriction.code) judgeOne(account, restriction, judge)
    // The code itself comes before all others that start with it.
    const last = page.at(-1)
    if (!last || last.code !== restriction.code) return judge.found
    after = last
  }
}

function judgeOne(account: Account, restriction: Restriction | null, judge: Judge): void {
  const { code, currency } = account
  const expected = inWords(restriction)
  const actual = inWords(account)
  if (expected === actual) return
  const message = `Account ${code} in ${currency} is ${actual}; its code is ${expected}.`
  judge.finds('restriction_differs', message, { account: { code, currency }, expected, actual })
}

function inWords(state: Pick<Account, 'frozen' | 'closed'> | null): string {
  if (state?.closed) return 'closed'
  return state?.frozen ? `frozen for ${state.frozen === 'all' ? 'postings' : 'debits'}` : 'open'
}

const ATTEMPTS = 20

/** An account that is frozen or closed is so because its code is. Judged from one state of the code. */
export async function judgeRestrictionOf(
  { reads, book, leaveOpen }: Verification,
  account: Account,
  judge: Judge,
): Promise<void> {
  if (account.frozen === null && !account.closed) return
  let known = (await reads.record(book, 'restrictions', account.code)) as Restriction | null
  if (inWords(known) === inWords(account)) return
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = (await reads.account(book, account)) ?? account
    const after = (await reads.record(book, 'restrictions', account.code)) as Restriction | null
    if (known?.revision === after?.revision) return judgeOne(current, known, judge)
    known = after
  }
  leaveOpen()
}
