import type { AccountPosting, Storage } from 'escrow-ledger'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSqliteStorage } from '../src/index.js'
import { createJournal, START } from './fixtures/journal.js'
import { write } from './fixtures/work.js'

const ref = { code: 'a', currency: 'USD' }

interface Told {
  readonly effectiveAt: number
  readonly recordedAt: number
  readonly version: number
  readonly amount: bigint
}

/** Random numbers that are the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

/** How postings come to be effective: in order, mostly, at random, backwards, all at once. */
const histories: Readonly<Record<string, (now: number, random: (below: number) => number) => number>> = {
  'in order': (now) => now,
  'mostly in order': (now, random) => (random(5) === 0 ? now - random(400) : now),
  'at random': (_, random) => START + random(100),
  backwards: (now) => 2 * START - now + 5_000,
  'all at once': () => START,
}

describe.each(Object.entries(histories))('postings effective %s', (_, effectiveOf) => {
  let storage: Storage
  let told: Told[]

  beforeAll(async () => {
    storage = createSqliteStorage({ filename: ':memory:' })
    await storage.migrate()
    told = []
    const journal = createJournal()
    const random = createRandom(7)
    for (let batch = 0; batch < 30; batch++) {
      const now = journal.tick(random(20))
      for (let count = 0; count < 10; count++) {
        const amount = BigInt(random(2) ? 1 + random(99) : -1 - random(99))
        const effectiveAt = effectiveOf(now, random)
        const others = [{ code: `other ${random(3)}`, amount: -amount }]
        const lines = random(9) === 0 ? others.concat({ code: 'other 1', amount }) : [{ code: 'a', amount }, ...others]
        const entry = journal.post({ lines, effectiveAt })
        for (const { code, version } of entry.postings) {
          if (code === 'a') told.push({ effectiveAt, recordedAt: now, version, amount })
        }
      }
      await write(storage, journal.changes())
    }
    return () => storage.close()
  })

  const inEffect = () => [...told].sort((a, b) => a.effectiveAt - b.effectiveAt || a.version - b.version)
  const tell = ({ posting, entry }: AccountPosting): Told => {
    const { effectiveAt, recordedAt } = entry
    return { effectiveAt, recordedAt, version: posting.version, amount: posting.amount }
  }

  it.each([1, 7, 50, 1_000])('are read in pages of %i', async (limit) => {
    const pages: Told[] = []
    let after: Told | null = null
    for (;;) {
      const page: Told[] = (await storage.reads.postingsByEffect('main', ref, { after, limit })).map(tell)
      pages.push(...page)
      if (page.length < limit) break
      after = page.at(-1) ?? null
    }
    expect(pages).toEqual(inEffect())
  })

  it('are read from one time through another, from any place', async () => {
    const random = createRandom(11)
    for (let count = 0; count < 60; count++) {
      const from = START - 500 + random(1_200)
      const through = from + random(500)
      const place = told[random(told.length)] as Told
      const after = { effectiveAt: place.effectiveAt + random(3) - 1, version: random(2) ? place.version : random(400) }
      const expected = inEffect().filter(
        ({ effectiveAt: at, version }) =>
          at >= from &&
          at <= through &&
          (at > after.effectiveAt || (at === after.effectiveAt && version > after.version)),
      )
      const page = await storage.reads.postingsByEffect('main', ref, { after, limit: 40, from, through })
      expect(page.map(tell)).toEqual(expected.slice(0, 40))
    }
  })

  it('are added up from one time through another', async () => {
    const random = createRandom(13)
    for (let count = 0; count < 60; count++) {
      const from = START - 500 + random(1_200)
      const through = from + random(600) - 50
      const amounts = told.filter(({ effectiveAt }) => effectiveAt >= from && effectiveAt <= through)
      const sumOf = (sign: bigint) =>
        amounts.map(({ amount }) => amount * sign).reduce((sum, amount) => (amount > 0n ? sum + amount : sum), 0n)
      const expected = { debits: sumOf(1n), credits: sumOf(-1n) }
      await expect(storage.reads.effectiveTotals('main', ref, { from, through })).resolves.toEqual(expected)
    }
  })

  it('are found by recorded time', async () => {
    for (const through of [START - 1, START, START + 1, ...told.map(({ recordedAt }) => recordedAt)]) {
      const expected = told.filter(({ recordedAt }) => recordedAt <= through).at(-1) ?? null
      const found = await storage.reads.lastRecorded('main', ref, through)
      expect(found && tell(found)).toEqual(expected)
    }
  })
})

describe('the entries of an account', () => {
  it('are read in pages by recorded time and id, each once, however many share a time', async () => {
    const storage = createSqliteStorage({ filename: ':memory:' })
    await storage.migrate()
    const journal = createJournal()
    const random = createRandom(17)
    const entries: { id: string; recordedAt: number; kind: string }[] = []
    for (let batch = 0; batch < 40; batch++) {
      const now = journal.tick(random(3))
      for (let count = 0; count < 15; count++) {
        const currency = random(2) ? 'EUR' : 'USD'
        const kind = random(4) === 0 ? 'rare' : 'usual'
        const lines = [
          { code: random(3) ? 'a' : 'c', currency, amount: 5n },
          { code: 'b', currency, amount: -5n },
        ]
        // An entry with postings in the account in both currencies.
        const both = random(5) === 0 ? lines.concat(lines.map((line) => ({ ...line, currency: 'JPY' }))) : lines
        const { id, postings } = journal.post({ lines: both, kind })
        if (postings.some(({ code }) => code === 'a')) entries.push({ id, recordedAt: now, kind })
      }
      await write(storage, journal.changes())
    }
    for (const filter of [{}, { kind: 'rare' }]) {
      const found: string[] = []
      let after: { recordedAt: number; id: string } | null = null
      for (;;) {
        const page = await storage.reads.entryPage('main', { account: 'a', ...filter, after, limit: 11 })
        found.push(...page.map(({ id }) => id))
        if (page.length < 11) break
        after = page.at(-1) ?? null
      }
      expect(found).toEqual(entries.filter(({ kind }) => kind === (filter.kind ?? kind)).map(({ id }) => id))
    }
    await storage.close()
  })
})
