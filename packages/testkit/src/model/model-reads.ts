import { type AccountPosting, accountKey, compareText, newBook, type Reads, type Totals } from 'escrow-ledger'
import { totalsThrough } from './apply-changes.js'
import { type BookState, emptyState } from './book-state.js'
import { byCodeAndCurrency, byRecordedAt, matchesAccountPage, matchesEntryPage, pageOf } from './pages.js'
import { recordsOf, sumsOf } from './record-pages.js'

type FindBook = (name: string) => BookState | null

/** The read side: every answer is a filter and a sort over all there is. */
export function createModelReads(find: FindBook, names: () => readonly string[]): Reads {
  const stateOf = (name: string) => find(name) ?? emptyState(name)
  return {
    book: async (name) => find(name)?.book ?? newBook(name),
    books: async () => [...names()].sort(compareText),
    async entries(name, ids) {
      const { entries } = stateOf(name)
      return ids.flatMap((id) => entries.get(id) ?? [])
    },
    async entryPage(name, { after, limit, ...page }) {
      const entries = [...stateOf(name).entries.values()].filter((entry) => matchesEntryPage(entry, page))
      return pageOf(entries, { after, limit, compare: byRecordedAt })
    },
    // A book and its rows are one value here.
    bookIsLost: async () => false,
    ...accountReads(stateOf),
    ...postingReads(stateOf),
    ...recordReads(stateOf),
    ...auditReads(stateOf),
  }
}

type StateOf = (name: string) => BookState

function accountReads(stateOf: StateOf): Pick<Reads, 'account' | 'accounts' | 'dayTotals'> {
  return {
    account: async (name, { code, currency }) => stateOf(name).accounts.get(accountKey(code, currency)) ?? null,
    async accounts(name, { after, limit, ...page }) {
      const accounts = [...stateOf(name).accounts.values()].filter((account) => matchesAccountPage(account, page))
      return pageOf(accounts, { after, limit, compare: byCodeAndCurrency })
    },
    async dayTotals(name, { code, currency }, through) {
      return totalsThrough(stateOf(name).days.get(accountKey(code, currency)) ?? new Map(), through)
    },
  }
}

function postingReads(
  stateOf: StateOf,
): Pick<Reads, 'postingsByVersion' | 'postingsByEffect' | 'lastRecorded' | 'effectiveTotals'> {
  const postingsOf = (name: string, { code, currency }: { code: string; currency: string }) =>
    [...(stateOf(name).postings.get(accountKey(code, currency)) ?? [])].sort(byVersion)
  return {
    async postingsByVersion(name, ref, { after, limit, recordedThrough = Infinity }) {
      return postingsOf(name, ref)
        .filter(({ posting, entry }) => posting.version > after && entry.recordedAt <= recordedThrough)
        .slice(0, limit)
    },
    async postingsByEffect(name, ref, { after, limit, from = -Infinity, through = Infinity }) {
      const start = after ?? { effectiveAt: -Infinity, version: 0 }
      return postingsOf(name, ref)
        .filter(({ entry }) => entry.effectiveAt >= from && entry.effectiveAt <= through)
        .filter(({ posting, entry }) => {
          return (
            entry.effectiveAt > start.effectiveAt ||
            (entry.effectiveAt === start.effectiveAt && posting.version > start.version)
          )
        })
        .sort((left, right) => left.entry.effectiveAt - right.entry.effectiveAt || byVersion(left, right))
        .slice(0, limit)
    },
    async lastRecorded(name, ref, through) {
      return postingsOf(name, ref).findLast(({ entry }) => entry.recordedAt <= through) ?? null
    },
    async effectiveTotals(name, ref, { from, through }) {
      const within = ({ entry }: AccountPosting) => entry.effectiveAt >= from && entry.effectiveAt <= through
      return totalsOf(
        postingsOf(name, ref)
          .filter(within)
          .map(({ posting }) => posting.amount),
      )
    },
  }
}

function byVersion(left: AccountPosting, right: AccountPosting): number {
  return left.posting.version - right.posting.version
}

function totalsOf(amounts: readonly bigint[]): Totals {
  let debits = 0n
  let credits = 0n
  for (const amount of amounts) {
    if (amount > 0n) debits += amount
    else credits -= amount
  }
  return { debits, credits }
}

function recordReads(stateOf: StateOf): Pick<Reads, 'record' | 'records' | 'sum' | 'events'> {
  return {
    record: async (name, kind, key) => stateOf(name).records.get(kind)?.get(key) ?? null,
    records: async (name, query) => recordsOf(stateOf(name).records.get(query.kind) ?? new Map(), query),
    sum: async (name, query, field) => sumsOf(stateOf(name).records.get(query.kind) ?? new Map(), query, field),
    async events(name, { escrow, after, limit }) {
      return [...(stateOf(name).events.get(escrow) ?? [])]
        .filter(({ sequence }) => sequence > after)
        .sort((left, right) => left.sequence - right.sequence)
        .slice(0, limit)
    },
  }
}

function auditReads(stateOf: StateOf): Pick<Reads, 'auditPostings' | 'auditDays' | 'auditRecords'> {
  return {
    async auditPostings(name, { after, limit }) {
      const postings = [...stateOf(name).postings.values()].flat().map(({ posting, entry }) => {
        return { ...posting, entry: entry.id, effectiveAt: entry.effectiveAt, recordedAt: entry.recordedAt }
      })
      return pageOf(postings, {
        after,
        limit,
        compare: (left, right) => byCurrencyAndCode(left, right) || left.version - right.version,
      })
    },
    async auditDays(name, { after, limit }) {
      const { accounts, days } = stateOf(name)
      const rows = [...days].flatMap(([key, ofAccount]) => {
        const account = accounts.get(key)
        if (!account) return []
        const { code, currency } = account
        return [...ofAccount].map(([day, totals]) => ({ code, currency, day, ...totals }))
      })
      return pageOf(rows, {
        after,
        limit,
        compare: (left, right) => byCurrencyAndCode(left, right) || left.day - right.day,
      })
    },
    async auditRecords(name, { kind, after, limit }) {
      const records = [...(stateOf(name).records.get(kind) ?? [])].map(([key, record]) => ({
        key,
        record,
        problem: null,
      }))
      return records
        .filter(({ key }) => after === null || compareText(key, after) > 0)
        .sort((left, right) => compareText(left.key, right.key))
        .slice(0, limit)
    },
  }
}

function byCurrencyAndCode(
  left: { code: string; currency: string },
  right: { code: string; currency: string },
): number {
  return compareText(left.currency, right.currency) || compareText(left.code, right.code)
}
