import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { type CommitterLimits, createLedger, type Storage, type Work } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { inr } from '../fixtures/deals.js'

interface Delays {
  /** How long deciding and writing a batch takes on the clock of this test. */
  readonly workMs?: number
  /** How long its COMMIT takes. */
  readonly commitMs?: number
}

/** The sizes of the batches in which 1,000 posts that wait at once are committed. */
async function batchSizes({ workMs = 0, commitMs = 0 }: Delays, limits: CommitterLimits): Promise<number[]> {
  const storage = createSqliteStorage({ filename: ':memory:' })
  const sizes: number[] = []
  let elapsed = 0

  function* watched<Result>(work: Work<Result>): Work<Result> {
    let next = work.next()
    while (!next.done) {
      if (next.value.step === 'persist') {
        sizes.push(next.value.changes.keys.length)
        elapsed += workMs
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
  const postings = [
    { account: 'bank:hdfc', debit: inr('1.00') },
    { account: 'opening-balances', credit: inr('1.00') },
  ]
  await Promise.all(Array.from({ length: 1_000 }, () => ledger.journal.post({ postings })))
  return sizes
}

test('batches grow step by step to their bound while they take less than the target time', async () => {
  const sizes = await batchSizes({ workMs: 1 }, { maxBatch: 200 })
  expect(sizes).toEqual([128, 160, 200, 200, 200, 112])
})

test('a batch that takes longer than the target time makes the next one smaller', async () => {
  const sizes = await batchSizes({ workMs: 50 }, { maxBatch: 200, targetMs: 49 })
  expect(sizes.slice(0, 4)).toEqual([128, 102, 81, 64])
  expect(Math.min(...sizes.slice(0, -1))).toBe(16)
})

test('a slow COMMIT makes no batch smaller, since a smaller one would wait for it as long', async () => {
  const sizes = await batchSizes({ workMs: 1, commitMs: 10_000 }, { maxBatch: 200 })
  expect(sizes).toEqual([128, 160, 200, 200, 200, 112])
})
