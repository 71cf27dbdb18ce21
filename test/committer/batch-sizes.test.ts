import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { type CommitterLimits, createLedger, type Ledger, type Storage, type Work } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { inr } from '../fixtures/deals.js'

interface Delays {
  /** How long deciding and writing a batch takes on the clock of this test. */
  readonly workMs?: number | ((entries: number) => number)
  /** How long its COMMIT takes. */
  readonly commitMs?: number
}

interface Watched {
  readonly ledger: Ledger
  /** The sizes of the batches so far. */
  readonly sizes: readonly number[]
}

async function openWatched({ workMs = 0, commitMs = 0 }: Delays, limits: CommitterLimits): Promise<Watched> {
  const storage = createSqliteStorage({ filename: ':memory:' })
  const sizes: number[] = []
  let elapsed = 0

  function* watched<Result>(work: Work<Result>): Work<Result> {
    let next = work.next()
    while (!next.done) {
      if (next.value.step === 'persist') {
        sizes.push(next.value.changes.keys.length)
        elapsed += typeof workMs === 'number' ? workMs : workMs(next.value.changes.entries.length)
      }
      next = work.next(yield next.value)
    }
    return next.value
  }
  const slow: Storage = {
    ...storage,
    runtime: { ...storage.runtime, elapsed: () => elapsed },
    async transact(book, work) {
      const result = await storage.transact(book, () => watched(work()))
      elapsed += commitMs
      return result
    },
  }

  const ledger = createLedger({ storage: slow, limits })
  onTestFinished(() => ledger.close())
  await ledger.migrate()
  return { ledger, sizes }
}

const entry = {
  postings: [
    { account: 'bank:hdfc', debit: inr('1.00') },
    { account: 'opening-balances', credit: inr('1.00') },
  ],
}

const post = (ledger: Ledger, calls: number, { entries = 1 } = {}) =>
  Promise.all(Array.from({ length: calls }, () => ledger.journal.post(Array.from({ length: entries }, () => entry))))

/** The sizes of the batches in which 1,000 posts that wait at once are committed. */
async function batchSizes(delays: Delays, limits: CommitterLimits): Promise<readonly number[]> {
  const { ledger, sizes } = await openWatched(delays, limits)
  await post(ledger, 1_000)
  return sizes
}

test('batches grow step by step to their bound while they take less than the target time', async () => {
  const sizes = await batchSizes({ workMs: 1 }, { maxBatch: 200 })
  expect(sizes).toEqual([141, 176, 200, 200, 200, 83])
})

test('a batch that takes longer than the target time makes the next one smaller', async () => {
  const sizes = await batchSizes({ workMs: 50 }, { maxBatch: 200, targetMs: 49 })
  expect(sizes.slice(0, 4)).toEqual([141, 113, 91, 73])
  expect(Math.min(...sizes.slice(0, -1))).toBe(18)
})

test('a slow COMMIT makes no batch smaller, since a smaller one would wait for it as long', async () => {
  const sizes = await batchSizes({ workMs: 1, commitMs: 10_000 }, { maxBatch: 200 })
  expect(sizes).toEqual([141, 176, 200, 200, 200, 83])
})

test('batches of what takes longer are small, however many of what is quick go together', async () => {
  const workMs = (entries: number) => entries * 0.1
  const { ledger, sizes } = await openWatched({ workMs }, { targetMs: 50 })
  await post(ledger, 2_000)
  expect(Math.max(...sizes)).toBeGreaterThan(300)
  const before = sizes.length
  await post(ledger, 100, { entries: 20 })
  const large = sizes.slice(before, -1)
  // Counted as calls, all 100 would go together, and hold the event loop for 200 ms.
  expect(Math.max(...large) * 20 * 0.1).toBeLessThan(150)

  const opened = sizes.length
  const terms = { shares: [{ party: 'coach', remainder: true as const }] }
  const open = (id: string) =>
    ledger.escrows.open({ id, payer: 'chen', parties: { coach: 'asha' }, amount: inr('1.00'), terms })
  await Promise.all(Array.from({ length: 400 }, (_, index) => open(`e${index}`)))
  // What one escrow takes is not known from what an entry takes.
  expect(sizes[opened]).toBeLessThan(250)
})
