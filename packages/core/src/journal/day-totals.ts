import { type Account, accountKey } from '../accounts/account.js'
import type { Book } from './book.js'
import type { Entry } from './entry.js'
import { type LocalDay, zoneOf } from './local-day.js'

/**
 * Cumulative totals of an account at the end of a local day of effective time, which answer "as of" without adding up
 * the history. The latest day's are the account's own totals, so a posting on that day writes nothing here: a row is
 * written when a later day begins (a close), and rows are corrected when a posting is effective earlier (a backdate).
 */
export interface DayTotals {
  /** The account's key. */
  readonly account: string
  readonly day: LocalDay
  debits: bigint
  credits: bigint
}

/**
 * The changes of one unit of work. To apply: add each backdate to the existing rows of its account from its day on;
 * insert the closes; then, in order of day, insert a row for each backdated day that has none, as the row before it
 * plus the backdate.
 */
export interface DayChanges {
  readonly closes: readonly DayTotals[]
  readonly backdates: readonly DayTotals[]
}

interface Running {
  day: LocalDay | null
  debits: bigint
  credits: bigint
  readonly closes: DayTotals[]
  readonly backdates: Map<LocalDay, DayTotals>
}

export const noDayChanges: DayChanges = { closes: [], backdates: [] }

/** Whether every entry is of one day, and no account that it may have changed is past it or behind it: then no day total changes. */
export function stayOnLatestDay(
  book: Book,
  changed: readonly { readonly before: Account | null }[],
  entries: readonly Entry[],
): boolean {
  const [first] = entries
  if (!first) return true
  const { dayOf } = zoneOf(book.timeZone)
  const day = dayOf(first.effectiveAt)
  return (
    entries.every(({ effectiveAt }) => effectiveAt === first.effectiveAt || dayOf(effectiveAt) === day) &&
    changed.every(({ before }) => before === null || before.day === null || before.day === day)
  )
}

/** Works out, from the accounts as they were and the entries in order, which day totals change. */
export function dayChangesOf(
  book: Book,
  accounts: ReadonlyMap<string, Account | null>,
  entries: readonly Entry[],
): DayChanges {
  const { dayOf } = zoneOf(book.timeZone)
  const all = new Map<string, Running>()
  for (const entry of entries) {
    const day = dayOf(entry.effectiveAt)
    for (const posting of entry.postings) {
      const key = accountKey(posting.code, posting.currency)
      let running = all.get(key)
      if (!running) {
        const before = accounts.get(key)
        const { debitsPosted: debits, creditsPosted: credits, day: last } = before ?? empty
        running = { day: last, debits, credits, closes: [], backdates: new Map() }
        all.set(key, running)
      }
      addPosting(running, { account: key, day, amount: posting.amount })
    }
  }
  const runnings = [...all.values()]
  return {
    closes: runnings.flatMap((running) => running.closes),
    backdates: runnings.flatMap((running) => [...running.backdates.values()].sort((a, b) => a.day - b.day)),
  }
}

const empty = { debitsPosted: 0n, creditsPosted: 0n, day: null }

function addPosting(running: Running, posting: { account: string; day: LocalDay; amount: bigint }): void {
  const { account, day, amount } = posting
  const debits = amount > 0n ? amount : 0n
  const credits = amount > 0n ? 0n : -amount
  if (running.day !== null && day < running.day) {
    for (const close of running.closes) if (close.day >= day) addTo(close, { debits, credits })
    const known = running.backdates.get(day)
    if (known) addTo(known, { debits, credits })
    else running.backdates.set(day, { account, day, debits, credits })
  } else {
    if (running.day !== null && day > running.day) {
      running.closes.push({ account, day: running.day, debits: running.debits, credits: running.credits })
    }
    running.day = day
  }
  running.debits += debits
  running.credits += credits
}

function addTo(totals: DayTotals, more: { debits: bigint; credits: bigint }): void {
  totals.debits += more.debits
  totals.credits += more.credits
}
