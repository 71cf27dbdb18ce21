import { createLedger, type EntryView, fromMinor } from 'escrow-ledger'
import { describe, expect, it } from 'vitest'
import { openDatabase, openStorage, temporaryFile } from './fixtures/open.js'

/** As many accounts take the credit side of an entry, by turns, so that entries differ in how many rows they have. */
const CREDITS = 3

function entryOf(nth: number) {
  const credits = 1 + (nth % CREDITS)
  const inr = (minor: number) => fromMinor(BigInt(minor), 'INR')
  return {
    description: `entry ${nth}`,
    postings: [
      { account: 'bank:hdfc', debit: inr(credits * (nth + 1)) },
      ...Array.from({ length: credits }, () => ({ account: 'opening-balances', credit: inr(nth + 1) })),
    ],
  }
}

describe('rows that are inserted several a statement', () => {
  // Around whole statements of 16 rows, of entries as well as of their postings.
  it.each([1, 5, 15, 16, 17, 31, 32, 33, 100])('are all there, and in their order: %i entries', async (count) => {
    const filename = temporaryFile()
    const ledger = createLedger({ storage: openStorage({ filename }) })
    await ledger.migrate()
    const entries = Array.from({ length: count }, (_, nth) => entryOf(nth))
    const { entries: answered } = await ledger.journal.post(entries, { idempotencyKey: 'all' })

    const listed: EntryView[] = []
    for await (const entry of ledger.journal.list()) listed.push(entry)
    expect(listed).toEqual(answered)
    expect(listed.map(({ description, postings }) => [description, postings.length])).toEqual(
      entries.map(({ description, postings }) => [description, postings.length]),
    )
    const rows = openDatabase(filename).prepare('SELECT count(*) FROM ledger_postings').pluck().get()
    expect(rows).toBe(entries.reduce((sum, { postings }) => sum + postings.length, 0))
    expect(await ledger.verify()).toMatchObject({ ok: true, deviations: [] })
  })

  it('are keys and events as well, each of its own call', async () => {
    const ledger = createLedger({ storage: openStorage({ filename: temporaryFile() }) })
    await ledger.migrate()
    const calls = Array.from({ length: 50 }, (_, nth) => nth)
    const post = (nth: number) => ledger.journal.post(entryOf(nth), { idempotencyKey: `key ${nth}` })
    const first = await Promise.all(calls.map(post))
    const again = await Promise.all(calls.map(post))
    expect(again).toEqual(first.map((posted) => ({ ...posted, replayed: true })))
  })
})
