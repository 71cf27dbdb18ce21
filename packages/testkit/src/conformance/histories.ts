import { type AccountPosting, type AccountRef, type Entry, newBook, type Storage, type Totals } from 'escrow-ledger'
import fc from 'fast-check'
import { DAY_MS, type PlainEntry, posted, START, transfer, written } from './plain-journal.js'

/** The accounts that random entries move money between. */
export const historyRefs: readonly AccountRef[] = ['a', 'b', 'c'].map((code) => ({ code, currency: 'USD' }))

/** A random entry: its day and time of day, when it is recorded, and what it moves. */
export interface RandomEntry {
  readonly day: number
  readonly time: number
  readonly recordedAfter: number
  readonly from: number
  readonly to: number
  readonly amount: bigint
}

const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Kiritimati'] as const

/** The first and last moments of a day, and some between, where neighbouring zones disagree on the day. */
const times = [0, 1, DAY_MS / 4, DAY_MS / 2, DAY_MS - 19_800_000, DAY_MS - 1]

const randomEntry: fc.Arbitrary<RandomEntry> = fc.record({
  day: fc.nat(8),
  time: fc.constantFrom(...times),
  recordedAfter: fc.constantFrom(0, 0, 1, DAY_MS),
  from: fc.nat(2),
  to: fc.nat(2),
  amount: fc.oneof(fc.bigInt(1n, 9n), fc.constantFrom(2n ** 53n + 1n, 2n ** 56n)),
})

/** Units of work, each a list of entries, in a book of some zone. */
export const randomHistory = fc.record({
  zone: fc.constantFrom(...zones),
  units: fc.array(fc.array(randomEntry, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 10 }),
})
export type RandomHistory = typeof randomHistory extends fc.Arbitrary<infer History> ? History : never

/** Posts a history and answers its entries in the order in which they were written. */
export async function postHistory(storage: Storage, book: string, { zone, units }: RandomHistory): Promise<Entry[]> {
  if (zone !== 'UTC') await written(storage, book, { book: { ...newBook(book), timeZone: zone, revision: 1 } })
  const all: Entry[] = []
  let recordedAt = START + 10 * DAY_MS
  for (const unit of units) {
    const entries = unit.map((entry): PlainEntry => {
      recordedAt += entry.recordedAfter
      const [from, to] = [codeOf(entry.from), codeOf(entry.to === entry.from ? entry.to + 1 : entry.to)]
      const effectiveAt = START + entry.day * DAY_MS + entry.time
      return { lines: transfer(from, to, entry.amount), effectiveAt, recordedAt }
    })
    all.push(...(await posted(storage, { book, entries })))
  }
  return all
}

function codeOf(index: number): string {
  return historyRefs[index % historyRefs.length]?.code as string
}

/** The postings of an account by version, picked from the entries one by one. */
export function postingsOf(entries: readonly Entry[], ref: AccountRef): readonly AccountPosting[] {
  return entries.flatMap(({ postings, ...entry }) =>
    postings
      .filter(({ code, currency }) => code === ref.code && currency === ref.currency)
      .map((posting) => ({ posting, entry })),
  )
}

/** Their debits and credits, added up one by one. */
export function naiveTotals(rows: readonly AccountPosting[]): Totals {
  return rows.reduce(
    ({ debits, credits }, { posting: { amount } }) =>
      amount > 0n ? { debits: debits + amount, credits } : { debits, credits: credits - amount },
    { debits: 0n, credits: 0n },
  )
}
