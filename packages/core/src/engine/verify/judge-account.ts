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
  judge.holds(type === rule.type, 'chart_mismatch', `The chart says that ${code} is of another type.`, {
    expected: rule.type,
    actual: type,
  })
  const limited = floor === (rule.nonNegative ? 0n : null) && ceiling === null
  judge.holds(limited, 'chart_mismatch', `The chart says that ${code} has other limits.`, {
    expected: limitsInWords(rule.nonNegative ? 0n : null, null),
    actual: limitsInWords(floor, ceiling),
  })
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
    judge.holds(false, 'version_gap', message, { expected: `${tally.postings}`, actual: `${account.version}` })
  }
  const { debitsPosted, creditsPosted } = account
  judge.same('account_totals_differ', `Debits of ${code}`, { expected: tally.debits, actual: debitsPosted, currency })
  judge.same('account_totals_differ', `Credits of ${code}`, {
    expected: tally.credits,
    actual: creditsPosted,
    currency,
  })
  judge.holds(
    tally.recordedAt === account.recordedAt,
    'account_times_differ',
    `The last posting of ${code} was recorded at another time than the account says.`,
    { expected: instantInWords(tally.recordedAt), actual: instantInWords(account.recordedAt) },
  )
  judge.holds(
    tally.lastDay === account.day,
    'account_times_differ',
    `The latest day on which something is effective on ${code} is another than the account says.`,
    { expected: dayInWords(tally.lastDay), actual: dayInWords(account.day) },
  )
  judgeLimits(tally, judge)
}

function judgeLimits({ account, debits, credits }: AccountTally, judge: Judge): void {
  const { code, currency, type, floor, ceiling, closed } = account
  const balance = inOwnDirection(type, debits - credits)
  const about = `Account ${code} has a balance of ${balance} minor units of ${currency}`
  judge.holds(floor === null || balance >= floor, 'limit_broken', `${about}, and a floor of ${floor}.`)
  judge.holds(ceiling === null || balance <= ceiling, 'limit_broken', `${about}, and a ceiling of ${ceiling}.`)
  judge.holds(!closed || balance === 0n, 'account_closed_not_empty', `${about}, and is closed.`)
}
