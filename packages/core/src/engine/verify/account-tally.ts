import type { Account } from '../../accounts/account.js'
import type { LocalDay } from '../../journal/local-day.js'
import type { AuditPosting, Totals } from '../../storage/index.js'
import type { DeviationCode, Judge } from './deviations.js'
import { instantInWords } from './in-words.js'

/** What the postings of one account come to, up to the version that the account had when it was read. */
export interface AccountTally {
  readonly account: Account
  postings: number
  debits: bigint
  credits: bigint
  /** Sums by the local day of effective time: as many as the account has days, however many its postings. */
  readonly days: Map<LocalDay, { debits: bigint; credits: bigint }>
  lastDay: LocalDay | null
  recordedAt: number
  latestEffectiveAt: number | null
  /** The last version and running balance that were read. */
  version: number
  balance: bigint
  /** The last version beyond the account's own: postings that came after it was read, or should not be there. */
  beyond: number | null
  /** Only the first of each is told, since the others follow from it. */
  readonly told: Set<DeviationCode>
}

export function createTally(account: Account): AccountTally {
  return {
    account,
    postings: 0,
    debits: 0n,
    credits: 0n,
    days: new Map(),
    lastDay: null,
    recordedAt: 0,
    latestEffectiveAt: null,
    version: 0,
    balance: 0n,
    beyond: null,
    told: new Set(),
  }
}

/** Adds the account's next posting, and judges it against the ones before it. */
export function addPosting(
  tally: AccountTally,
  posting: AuditPosting,
  { judge, dayOf }: { judge: Judge; dayOf: (instant: number) => LocalDay },
): void {
  if (posting.version > tally.account.version) {
    tally.beyond = posting.version
    return
  }
  judgePosting(tally, posting, judge)
  tally.postings += 1
  tally.version = posting.version
  tally.recordedAt = Math.max(tally.recordedAt, posting.recordedAt)
  tally.latestEffectiveAt = Math.max(tally.latestEffectiveAt ?? posting.effectiveAt, posting.effectiveAt)
  addToDay(tally, dayOf(posting.effectiveAt), posting.amount)
  if (posting.amount > 0n) tally.debits += posting.amount
  else tally.credits -= posting.amount
}

function judgePosting(tally: AccountTally, posting: AuditPosting, judge: Judge): void {
  const { version, balance, amount, currency, entry } = posting
  const about = entry === '' ? {} : { entry }
  const next = tally.version + 1
  if (entry === '' && isFirst(tally, 'posting_orphaned')) {
    judge.finds('posting_orphaned', `The posting of version ${version} belongs to no entry.`)
  }
  if (version !== next && isFirst(tally, 'version_gap')) {
    judge.finds('version_gap', `After version ${tally.version} comes ${version}, not ${next}.`, about)
  }
  if (entry !== '' && posting.recordedAt < tally.recordedAt && isFirst(tally, 'recorded_time_goes_back')) {
    judge.finds('recorded_time_goes_back', `Version ${version} was recorded before the one before it.`, about)
  }
  judgePlace(tally, posting, judge)
  // Where postings are missing, what is left can still be judged among itself.
  tally.balance = version === next ? tally.balance + amount : balance
  if (tally.balance !== balance && isFirst(tally, 'running_balance_differs')) {
    const amounts = { expected: tally.balance, actual: balance, currency }
    judge.same('running_balance_differs', `The balance after version ${version}`, { ...amounts, ...about })
  }
}

/** Balances as of a time go by where a posting stands in the order of effective time; see `PostingPlace`. */
function judgePlace(tally: AccountTally, posting: AuditPosting, judge: Judge): void {
  const { place, effectiveAt, version, entry } = posting
  // Where an entry or a posting is missing, so is the latest time among those before.
  if (!place || tally.told.has('posting_orphaned') || tally.told.has('version_gap')) return
  const highAt = tally.latestEffectiveAt
  const isLate = highAt !== null && effectiveAt < highAt
  if (place.lateAt === (isLate ? effectiveAt : null) && place.highAt === (isLate ? highAt : null)) return
  if (!isFirst(tally, 'effective_order_differs')) return
  const inWords = (late: number | null, high: number | null) =>
    late === null && high === null ? 'in order' : `${instantInWords(late)}, after ${instantInWords(high)}`
  judge.finds(
    'effective_order_differs',
    `Version ${version} is kept at another place in the order of effective time.`,
    {
      entry,
      expected: isLate ? inWords(effectiveAt, highAt) : 'in order',
      actual: inWords(place.lateAt, place.highAt),
    },
  )
}

function isFirst({ told }: AccountTally, code: DeviationCode): boolean {
  if (told.has(code)) return false
  told.add(code)
  return true
}

function addToDay(tally: AccountTally, day: LocalDay, amount: bigint): void {
  let sums = tally.days.get(day)
  if (!sums) {
    sums = { debits: 0n, credits: 0n }
    tally.days.set(day, sums)
  }
  if (amount > 0n) sums.debits += amount
  else sums.credits -= amount
  if (tally.lastDay === null || day > tally.lastDay) tally.lastDay = day
}

/** The totals at the end of each day that has postings, in order. */
export function totalsByDay(tally: AccountTally): Map<LocalDay, Totals> {
  let debits = 0n
  let credits = 0n
  const days = [...tally.days].sort(([a], [b]) => a - b)
  return new Map(
    days.map(([day, sums]) => {
      debits += sums.debits
      credits += sums.credits
      return [day, { debits, credits }]
    }),
  )
}
