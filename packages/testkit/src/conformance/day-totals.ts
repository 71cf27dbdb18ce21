import { type AccountRef, type AuditDay, type Entry, type Storage, zoneOf } from 'escrow-ledger'
import fc from 'fast-check'
import { deepEqual, equal, pagesGive } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { historyRefs, naiveTotals, postHistory, postingsOf, randomHistory } from './histories.js'
import { DAY_MS, posted, START, transfer } from './plain-journal.js'

const FIRST_DAY = START / DAY_MS

/** The rows that an account should have: every day on which something is effective, but the latest. */
function naiveDays(entries: readonly Entry[], { zone, ref }: { zone: string; ref: AccountRef }): readonly AuditDay[] {
  const { dayOf } = zoneOf(zone)
  const rows = postingsOf(entries, ref)
  const days = [...new Set(rows.map(({ entry }) => dayOf(entry.effectiveAt)))].sort((left, right) => left - right)
  return days.slice(0, -1).map((day) => {
    const through = rows.filter(({ entry }) => dayOf(entry.effectiveAt) <= day)
    return { code: ref.code, currency: ref.currency, day, ...naiveTotals(through) }
  })
}

async function daysAreRight(
  storage: Storage,
  given: { book: string; zone: string; entries: readonly Entry[] },
): Promise<void> {
  const { book, zone, entries } = given
  const { dayOf } = zoneOf(zone)
  const { reads } = storage
  for (const ref of historyRefs) {
    const rows = postingsOf(entries, ref)
    const account = await reads.account(book, ref)
    if (account === null || account.day === null) {
      equal(rows.length, 0)
      continue
    }
    equal(account.day, Math.max(...rows.map(({ entry }) => dayOf(entry.effectiveAt))))
    const { debitsPosted: debits, creditsPosted: credits } = account
    deepEqual({ debits, credits }, naiveTotals(rows))
    for (let day = FIRST_DAY - 2; day < account.day; day++) {
      const through = rows.filter(({ entry }) => dayOf(entry.effectiveAt) <= day)
      deepEqual(await reads.dayTotals(book, ref, day), naiveTotals(through))
    }
  }
  await pagesGive(
    historyRefs.flatMap((ref) => naiveDays(entries, { zone, ref })),
    {
      fetch: (after: AuditDay | null, limit) => reads.auditDays(book, { after, limit }),
      cursorOf: (row) => row,
    },
  )
}

/** Posts one entry a day, given as days after the first, in units of work as they are bracketed. */
async function postDays(storage: Storage, units: readonly (readonly number[])[]): Promise<void> {
  const entries: Entry[] = []
  for (const unit of units) {
    const plain = unit.map((day, index) => ({
      lines: transfer('a', 'b', 10n ** BigInt(index + 1)),
      effectiveAt: START + day * DAY_MS,
    }))
    entries.push(...(await posted(storage, { book: BOOK, entries: plain })))
  }
  await daysAreRight(storage, { book: BOOK, zone: 'UTC', entries })
}

export const dayTotals: Cases = {
  'keeps no row while there is one day': ({ storage }) => postDays(storage, [[3, 3], [3]]),
  'closes days one after the other': ({ storage }) => postDays(storage, [[0], [1], [1, 2], [5]]),
  'closes several days in one unit of work': ({ storage }) => postDays(storage, [[0, 1, 2, 3, 3, 7]]),
  'inserts a backdate before the first day': ({ storage }) => postDays(storage, [[5], [2], [1], [3]]),
  'inserts a backdate between closed days': ({ storage }) => postDays(storage, [[0], [4], [8], [6], [2], [3]]),
  'adds a backdate to a day that has a row': ({ storage }) => postDays(storage, [[0], [4], [8], [4], [0]]),
  'takes a backdate before a close in one unit of work': ({ storage }) => postDays(storage, [[4], [2, 6]]),
  'takes a backdate after a close in one unit of work': ({ storage }) => postDays(storage, [[4], [6, 2]]),
  'takes a backdate to the day that one unit of work closes': ({ storage }) =>
    postDays(storage, [[4], [6, 4, 8, 6, 4]]),
  'takes backdates of several days in one unit of work': ({ storage }) =>
    postDays(storage, [
      [0, 8],
      [5, 3, 5, 1, 3, 8],
    ]),
  'takes backdates and closes in the first unit of work': ({ storage }) =>
    postDays(storage, [[4, 2, 6, 3, 6, 1, 5, 9, 0]]),

  'equals the sums of postings after any history': async ({ storage, runs }) => {
    let books = 0
    await fc.assert(
      fc.asyncProperty(randomHistory, async (history) => {
        const book = `book ${++books}`
        const entries = await postHistory(storage, book, history)
        await daysAreRight(storage, { book, zone: history.zone, entries })
      }),
      { numRuns: runs },
    )
  },
}
