import { type Account, type AccountRef, accountKey } from '../../accounts/account.js'
import { compareText } from '../../accounts/text.js'
import { type LocalDay, zoneOf } from '../../journal/local-day.js'
import type { AuditDay, AuditPosting } from '../../storage/index.js'
import { addPosting, createTally } from './account-tally.js'
import { addToBalance, type CurrencyBalance, judgeBalance } from './currency-balance.js'
import { type Cursor, createCursor } from './cursor.js'
import { createJudge } from './deviations.js'
import { checkEscrowAccounts } from './escrow-accounts.js'
import { isInstant } from './in-words.js'
import { judgeAccount, judgeTotals } from './judge-account.js'
import { judgeDays } from './judge-days.js'
import { checkPool } from './judge-pools.js'
import type { Verification } from './verification.js'
import { judgeRestrictionOf } from './verify-restrictions.js'

/**
 * Judges the accounts of one currency by their postings and totals as of days, walking all three in the order of their
 * codes. The pages of postings and days are read after the page of accounts that they belong to, so that they hold all
 * that the accounts speak of; what was posted since has a higher version and is left out. Returns the latest time at
 * which any of the postings was recorded.
 */
export async function verifyAccounts(verification: Verification, currency: string): Promise<number> {
  const { reads, book, pageSize: limit } = verification
  let recordedThrough = 0
  const balance: CurrencyBalance = { sum: 0n }
  let last: Account | null = null
  for (;;) {
    const page: readonly Account[] = await reads.accounts(book, { after: last, limit, currency })
    const start = last ?? { code: '', currency, version: 0, day: null }
    recordedThrough = Math.max(recordedThrough, await verifyPage(verification, { page, start, balance }))
    const end = page.at(-1)
    if (!end) break
    last = end
    verification.count('accounts', page.length)
  }
  await judgeBalance(verification, currency, balance)
  return recordedThrough
}

/** The account that a page comes after. */
type Start = Pick<Account, 'code' | 'currency' | 'version' | 'day'>

interface Walk {
  readonly postings: Cursor<AuditPosting>
  readonly days: Cursor<AuditDay>
  readonly dayOf: (instant: number) => LocalDay
  /** Postings and days used since the last page was counted. */
  readonly seen: { postings: number; days: number }
  /** Codes of postings whose account was not on a page. */
  readonly strays: Map<string, AuditPosting>
  /** Told of every posting that is used. */
  readonly addUp: (posting: AuditPosting) => void
}

async function verifyPage(
  verification: Verification,
  { page, start, balance }: { page: readonly Account[]; start: Start; balance: CurrencyBalance },
): Promise<number> {
  const { reads, book } = verification
  let recordedThrough = 0
  // Read after the accounts: the zone is fixed from the first posting on.
  const { timeZone } = await reads.book(book)
  const seen = { postings: 0, days: 0 }
  const cursors = createCursors(verification, { page, start, seen })
  const addUp = (posting: AuditPosting) => addToBalance(balance, verification, posting)
  const walk: Walk = { ...cursors, seen, dayOf: calendarOf(timeZone), strays: new Map(), addUp }
  const ofCurrency = (row: AccountRef) => row.currency === start.currency
  for (const account of page) {
    const before = (row: AccountRef) => ofCurrency(row) && compareText(row.code, account.code) < 0
    await walk.postings.takeWhile(before, (row) => noteStray(walk, row, start))
    await walk.days.takeWhile(before, () => {})
    recordedThrough = Math.max(recordedThrough, await verifyAccount(verification, account, walk))
  }
  // The last page is empty: what comes after all accounts belongs to none.
  if (page.length === 0) await walk.postings.takeWhile(ofCurrency, (row) => noteStray(walk, row, start))
  countSeen(verification, seen)
  await reportStrays(verification, walk)
  await checkEscrowAccounts(verification, page)
  return recordedThrough
}

/** Local days, also of what is no instant. */
function calendarOf(timeZone: string): (instant: number) => LocalDay {
  const { dayOf } = zoneOf(timeZone)
  return (instant) => (isInstant(instant) ? dayOf(instant) : Math.floor(instant / DAY_MS))
}

const DAY_MS = 86_400_000
const FEW = 100

function createCursors(
  verification: Verification,
  { page, start, seen }: { page: readonly Account[]; start: Start; seen: Walk['seen'] },
): Pick<Walk, 'postings' | 'days'> {
  const { reads, book, pageSize } = verification
  // One more than there should be, so that the walk sees where the page's last account ends, and seldom more than that.
  let expected = page.reduce((sum, account) => sum + account.version, 1)
  const postings = createCursor<AuditPosting>(async (after) => {
    countSeen(verification, seen)
    const limit = Math.min(pageSize, Math.max(FEW, expected))
    const rows = await reads.auditPostings(book, { after: after ?? start, limit })
    expected -= rows.length
    return rows
  })
  const days = createCursor<AuditDay>(async (after) => {
    const from = after ?? { ...start, day: start.day ?? 0 }
    return await reads.auditDays(book, { after: from, limit: pageSize })
  })
  return { postings, days }
}

function countSeen(verification: Verification, seen: Walk['seen']): void {
  verification.count('postings', seen.postings)
  verification.count('days', seen.days)
  seen.postings = 0
  seen.days = 0
}

async function verifyAccount(verification: Verification, account: Account, walk: Walk): Promise<number> {
  const { code, currency } = account
  const judge = createJudge({ account: { code, currency } })
  const tally = createTally(account)
  const { dayOf } = walk
  const own = (row: AccountRef) => row.code === code && row.currency === currency
  await walk.postings.takeWhile(own, (posting) => {
    walk.addUp(posting)
    addPosting(tally, posting, { judge, dayOf })
  })
  const rows: AuditDay[] = []
  await walk.days.takeWhile(own, (row) => rows.push(row))
  walk.seen.postings += tally.postings
  walk.seen.days += rows.length
  judgeAccount(account, judge)
  judgeTotals(tally, judge)
  await judgeDays(verification, tally, { rows, judge, dayOf })
  await judgeRestrictionOf(verification, account, judge)
  if (tally.beyond !== null) {
    // The posting and its account's version came with one unit of work, so the account read now knows of it.
    const now = await verification.reads.account(verification.book, account)
    const version = now?.version ?? 0
    const message = `Account ${code} is at version ${version}, and has a posting of version ${tally.beyond}.`
    if (version < tally.beyond) judge.finds('posting_unaccounted', message)
  }
  await checkPool(verification, account, judge)
  verification.report(judge.found)
  return tally.recordedAt
}

/** Postings of the account that the page comes after are new ones; of others, one a code is enough. */
function noteStray({ strays, addUp }: Walk, row: AuditPosting, start: Start): void {
  addUp(row)
  if (row.code !== start.code) strays.set(accountKey(row.code, row.currency), row)
}

/** An account that was opened while its neighbours were read is there by now. */
async function reportStrays(verification: Verification, { strays }: Walk): Promise<void> {
  for (const { code, currency, entry } of strays.values()) {
    if (await verification.reads.account(verification.book, { code, currency })) continue
    const judge = createJudge({ account: { code, currency }, entry })
    judge.finds('posting_orphaned', `There are postings of account ${code} in ${currency}, which is not there.`)
    verification.report(judge.found)
  }
}
