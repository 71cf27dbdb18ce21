import type { LocalDay } from '../../journal/local-day.js'
import type { AuditDay, Reads, Totals } from '../../storage/index.js'
import { type AccountTally, totalsByDay } from './account-tally.js'
import type { Judge } from './deviations.js'
import { dayInWords } from './in-words.js'

/**
 * Judges an account's totals as of days. There is a row for every day with postings but the latest, whose totals are
 * the account's own.
 */
export async function judgeDays(
  { reads, book }: { reads: Reads; book: string },
  tally: AccountTally,
  { rows, judge, dayOf }: { rows: readonly AuditDay[]; judge: Judge; dayOf: (instant: number) => LocalDay },
): Promise<void> {
  const expected = totalsByDay(tally)
  const found = new Set(rows.map((row) => row.day))
  for (const day of expected.keys()) {
    const kept = day === tally.lastDay || found.has(day)
    if (!kept) judge.finds('day_totals_differ', `The totals as of ${dayInWords(day)} are missing.`)
  }
  const suspects = rows.filter((row) => {
    const totals = row.day === tally.lastDay ? undefined : expected.get(row.day)
    return totals === undefined || !sameTotals(totals, row)
  })
  if (suspects.length === 0) return
  const explained = await explainedByWriters({ reads, book }, tally, { expected, suspects, dayOf })
  for (const row of suspects) {
    if (explained.has(row)) continue
    const totals = totalsThrough(expected, row.day)
    judge.finds('day_totals_differ', `The totals as of ${dayInWords(row.day)} are not those of the postings.`, {
      expected: totalsInWords(totals),
      actual: sameTotals(totals, row) ? `${totalsInWords(row)}, where there should be no row` : totalsInWords(row),
    })
  }
}

function sameTotals(left: Totals, right: Totals): boolean {
  return left.debits === right.debits && left.credits === right.credits
}

function totalsInWords({ debits, credits }: Totals): string {
  return `debits ${debits}, credits ${credits} (minor units)`
}

function totalsThrough(totals: ReadonlyMap<LocalDay, Totals>, day: LocalDay): Totals {
  let last: Totals = { debits: 0n, credits: 0n }
  for (const [each, sums] of totals) if (each <= day) last = sums
  return last
}

const PAGE = 500

/**
 * Rows of days were read after the account and its postings, so a writer may have changed them meanwhile: a row is
 * right when it equals the totals at some version between the account's when it was read first and its version now.
 */
async function explainedByWriters(
  { reads, book }: { reads: Reads; book: string },
  { account }: AccountTally,
  {
    expected,
    suspects,
    dayOf,
  }: { expected: ReadonlyMap<LocalDay, Totals>; suspects: readonly AuditDay[]; dayOf: (instant: number) => LocalDay },
): Promise<ReadonlySet<AuditDay>> {
  const explained = new Set<AuditDay>()
  const now = await reads.account(book, account)
  const running = suspects.map((row) => ({ row, ...totalsThrough(expected, row.day) }))
  let after = account.version
  while (now && after < now.version) {
    const page = await reads.postingsByVersion(book, account, { after, limit: Math.min(PAGE, now.version - after) })
    for (const { posting, entry } of page) {
      const day = dayOf(entry.effectiveAt)
      for (const each of running) {
        if (day <= each.row.day) addTo(each, posting.amount)
        if (sameTotals(each, each.row)) explained.add(each.row)
      }
    }
    const last = page.at(-1)
    if (!last) break
    after = last.posting.version
  }
  return explained
}

function addTo(totals: { debits: bigint; credits: bigint }, amount: bigint): void {
  if (amount > 0n) totals.debits += amount
  else totals.credits -= amount
}
