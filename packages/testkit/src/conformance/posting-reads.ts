import type { AccountPosting, AccountRef, AuditPosting, Entry, PostingPlace, Storage } from 'escrow-ledger'
import fc from 'fast-check'
import { deepEqual, pagesGive } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { historyRefs, naiveTotals, postHistory, postingsOf, randomHistory } from './histories.js'
import { DAY_MS, posted, START, transfer } from './plain-journal.js'

const byEffect = (left: AccountPosting, right: AccountPosting) =>
  left.entry.effectiveAt - right.entry.effectiveAt || left.posting.version - right.posting.version

interface Written {
  readonly book: string
  readonly entries: readonly Entry[]
}

/** Moments around everything that the entries say, each of them with its neighbours. */
function moments(times: readonly number[]): readonly number[] {
  const all = [0, ...times, Number.MAX_SAFE_INTEGER].flatMap((time) => [time - 1, time, time + 1])
  return [...new Set(all)].filter((time) => time >= 0 && time <= Number.MAX_SAFE_INTEGER)
}

async function versionsAreRight({ reads }: Storage, { book, entries }: Written, ref: AccountRef): Promise<void> {
  const rows = postingsOf(entries, ref)
  const fetch = (after: number | null, limit: number) =>
    reads.postingsByVersion(book, ref, { after: after ?? 0, limit })
  const cursorOf = ({ posting }: AccountPosting) => posting.version
  await pagesGive(rows, { fetch, cursorOf })
  for (const through of moments(rows.map(({ entry }) => entry.recordedAt))) {
    const recorded = rows.filter(({ entry }) => entry.recordedAt <= through)
    deepEqual(await reads.lastRecorded(book, ref, through), recorded.at(-1) ?? null)
    const page = { after: 1, limit: 3, recordedThrough: through }
    deepEqual(await reads.postingsByVersion(book, ref, page), recorded.slice(1, 4))
  }
}

async function effectsAreRight(
  { reads }: Storage,
  { book, entries, range }: Written & { range: readonly [number, number] },
): Promise<void> {
  const [from, through] = range
  for (const ref of historyRefs) {
    const rows = [...postingsOf(entries, ref)].sort(byEffect)
    const within = rows.filter(({ entry }) => entry.effectiveAt >= from && entry.effectiveAt <= through)
    deepEqual(await reads.effectiveTotals(book, ref, { from, through }), naiveTotals(within))
    const cursorOf = ({ posting, entry }: AccountPosting) => ({
      effectiveAt: entry.effectiveAt,
      version: posting.version,
    })
    type Cursor = ReturnType<typeof cursorOf>
    const walk = (bounds: { from?: number; through?: number }) => ({
      fetch: (after: Cursor | null, limit: number) => reads.postingsByEffect(book, ref, { after, limit, ...bounds }),
      cursorOf,
    })
    await pagesGive(rows, walk({}))
    await pagesGive(within, walk({ from, through }))
    await pagesGive(
      rows.filter(({ entry }) => entry.effectiveAt >= from),
      walk({ from }),
    )
    await pagesGive(
      rows.filter(({ entry }) => entry.effectiveAt <= through),
      walk({ through }),
    )
  }
}

async function auditIsRight({ reads }: Storage, { book, entries }: Written): Promise<void> {
  const rows = historyRefs.flatMap((ref) =>
    postingsOf(entries, ref).map(({ posting, entry: { id, effectiveAt, recordedAt } }): AuditPosting => {
      return { ...posting, entry: id, effectiveAt, recordedAt }
    }),
  )
  await pagesGive(rows, {
    fetch: async (after: AuditPosting | null, limit) => {
      const page = await reads.auditPostings(book, { after, limit })
      return page.map(({ place, ...row }) => {
        if (place) deepEqual(place, placeAmong(rows, row))
        return row
      })
    },
    cursorOf: (row) => row,
  })
}

/** Where a posting stands in its account's effective order, for a storage that keeps that. */
function placeAmong(rows: readonly AuditPosting[], row: AuditPosting): PostingPlace {
  const before = rows.filter(
    ({ code, currency, version }) => code === row.code && currency === row.currency && version < row.version,
  )
  const highAt = Math.max(...before.map(({ effectiveAt }) => effectiveAt))
  return row.effectiveAt < highAt ? { lateAt: row.effectiveAt, highAt } : { lateAt: null, highAt: null }
}

/** Two moments within the days of a random history, in order. */
const range = fc
  .tuple(fc.integer({ min: -1, max: 10 * 24 }), fc.integer({ min: -1, max: 10 * 24 }), fc.constantFrom(-1, 0, 1))
  .map(([first, second, off]): readonly [number, number] => {
    const at = (hours: number) => START + (hours * DAY_MS) / 24 + off
    return [at(Math.min(first, second)), at(Math.max(first, second))]
  })

export const postingReads: Cases = {
  'pages postings as a plain sort does, after any history': async ({ storage, runs }) => {
    let books = 0
    await fc.assert(
      fc.asyncProperty(randomHistory, range, async (history, bounds) => {
        const book = `book ${++books}`
        const entries = await postHistory(storage, book, history)
        for (const ref of historyRefs) await versionsAreRight(storage, { book, entries }, ref)
        await effectsAreRight(storage, { book, entries, range: bounds })
        await auditIsRight(storage, { book, entries })
      }),
      { numRuns: runs },
    )
  },

  'pages postings of one moment by version': async ({ storage }) => {
    const plain = Array.from({ length: 12 }, (_, index) => ({ lines: transfer('a', 'b', BigInt(index) + 1n) }))
    const entries = await posted(storage, { book: BOOK, entries: plain })
    await effectsAreRight(storage, { book: BOOK, entries, range: [START, START] })
    for (const ref of historyRefs) await versionsAreRight(storage, { book: BOOK, entries }, ref)
  },

  'pages postings that an entry makes to one account': async ({ storage }) => {
    const lines = [...transfer('a', 'b', 1n), ...transfer('b', 'a', 2n), ...transfer('a', 'b', 3n)]
    const times = [5, 3, 3, 4, 1, 5, 0]
    const plain = times.map((day) => ({ lines, effectiveAt: START + day * DAY_MS }))
    const entries = await posted(storage, { book: BOOK, entries: plain })
    await effectsAreRight(storage, { book: BOOK, entries, range: [START + DAY_MS, START + 4 * DAY_MS] })
    await auditIsRight(storage, { book: BOOK, entries })
  },

  'keeps currencies of one code apart': async ({ storage }) => {
    const lines = [...transfer('a', 'b', 1n), ...transfer('a', 'b', 20n, 'EUR'), ...transfer('b', 'a', 300n, 'INR')]
    const entries = await posted(storage, { book: BOOK, entries: [{ lines }, { lines }] })
    for (const currency of ['EUR', 'INR', 'USD', 'JPY']) {
      const ref = { code: 'a', currency }
      await versionsAreRight(storage, { book: BOOK, entries }, ref)
      const totals = await storage.reads.effectiveTotals(BOOK, ref, { from: 0, through: START })
      deepEqual(totals, naiveTotals(postingsOf(entries, ref)))
    }
    const order = (await storage.reads.auditPostings(BOOK, { after: null, limit: 100 })).map(
      ({ currency, code }) => currency + code,
    )
    deepEqual(order, ['EURa', 'EURa', 'EURb', 'EURb', 'INRa', 'INRa', 'INRb', 'INRb', 'USDa', 'USDa', 'USDb', 'USDb'])
  },

  'answers nothing for an account that is not there': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    for (const ref of [
      { code: 'a', currency: 'EUR' },
      { code: 'A', currency: 'USD' },
    ]) {
      deepEqual(await storage.reads.postingsByVersion(BOOK, ref, { after: 0, limit: 9 }), [])
      deepEqual(await storage.reads.postingsByEffect(BOOK, ref, { after: null, limit: 9 }), [])
      deepEqual(await storage.reads.lastRecorded(BOOK, ref, START), null)
      deepEqual(await storage.reads.effectiveTotals(BOOK, ref, { from: 0, through: START }), {
        debits: 0n,
        credits: 0n,
      })
      deepEqual(await storage.reads.dayTotals(BOOK, ref, 30_000), { debits: 0n, credits: 0n })
    }
  },
}
