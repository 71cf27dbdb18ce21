import { type Account, inOwnDirection } from '../../accounts/account.js'
import { chartRule } from '../../accounts/chart.js'
import type { AccountTally } from './account-tally.js'
import type { Judge } from './deviations.js'
import { dayInWords, instantInWords } from './in-words.js'

/** What an account must be by itself. */
export function judgeAccount(account: Account, judge: Judge): void {
  const { code, currency, type, floor, ceiling, debitsPending, creditsPending } = account
  const pending = { currency, expected: 0n }
  judge.same('pending_not_zero', `Debits pending on ${code}`, { ...pending, actual: debitsPending })
  judge.same('pending_not_zero', `Credits pending on ${code}`, { ...pending, actual: creditsPending })
  const rule = chartRule(code)
  if (!rule) return
  if (type !== rule.type) {
    const differ = { expected: rule.type, actual: type }
    judge.finds('chart_mismatch', `The chart says that ${code} is of another type.`, differ)
  }
  const lowest = rule.nonNegative ? 0n : null
  if (floor !== lowest || ceiling !== null) {
    const differ = { expected: limitsInWords(lowest, null), actual: limitsInWords(floor, ceiling) }
    judge.finds('chart_mismatch', `The chart says that ${code} has other limits.`, differ)
  }
}

function limitsInWords(floor: bigint | null, ceiling: bigint | null): string {
  return `floor ${floor ?? 'none'}, ceiling ${ceiling ?? 'none'} (minor units)`
}

/** What an account must be by its postings. */
export function judgeTotals(tally: AccountTally, judge: Judge): void {
  const { account } = tally
  const { code, currency } = account
  if (tally.postings !== account.version && !tally.told.has('version_gap')) {
    const message = `Account ${code} is at version ${account.version} and has ${tally.postings} postings.`
    judge.finds('version_gap', message, { expected: `${tally.postings}`, actual: `${account.version}` })
  }
  const { debitsPosted, creditsPosted } = account
  judge.same('account_totals_differ', `Debits of ${code}`, { expected: tally.debits, actual: debitsPosted, currency })
  judge.same('account_totals_differ', `Credits of ${code}`, {
    expected: tally.credits,
    actual: creditsPosted,
    currency,
  })
  if (tally.recordedAt !== account.recordedAt) {
    const differ = { expected: instantInWords(tally.recordedAt), actual: instantInWords(account.recordedAt) }
    judge.finds('account_times_differ', `Account ${code} was last posted to at another time than it says.`, differ)
  }
  if (tally.latestEffectiveAt !== account.latestEffectiveAt) {
    const inWords = (instant: number | null) => (instant === null ? 'none' : instantInWords(instant))
    const differ = { expected: inWords(tally.latestEffectiveAt), actual: inWords(account.latestEffectiveAt) }
    judge.finds('account_times_differ', `The latest effective time of ${code} is another than it says.`, differ)
  }
  if (tally.lastDay !== account.day) {
    const differ = { expected: dayInWords(tally.lastDay), actual: dayInWords(account.day) }
    judge.finds('account_times_differ', `The latest day of ${code} is another than it says.`, differ)
  }
  judgeLimits(tally, judge)
}

function judgeLimits({ account, debits, credits }: AccountTally, judge: Judge): void {
  const { code, currency, type, floor, ceiling, closed } = account
  const balance = inOwnDirection(type, debits - credits)
  const about = `Account ${code} has a balance of ${balance} minor units of ${currency}`
  if (floor !== null && balance < floor) judge.finds('limit_broken', `${about}, and a floor of ${floor}.`)
  if (ceiling !== null && balance > ceiling) judge.finds('limit_broken', `${about}, and a ceiling of ${ceiling}.`)
  if (closed && balance !== 0n) judge.finds('account_closed_not_empty', `${about}, and is closed.`)
}
