import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { type CommitterLimits, createLedger, type Ledger } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { completedDeal, inr } from '../fixtures/deals.js'
import { type Clock, DAY, START } from '../fixtures/open-ledger.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { temporaryFile } from '../fixtures/temporary-file.js'
import { dump } from '../fixtures/whole-database.js'

interface OnDisk {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly database: Database
  /** How many units of work were begun so far. */
  readonly begun: () => number
}

/** A ledger in a file that can be kept from growing. */
async function onDisk(limits?: CommitterLimits): Promise<OnDisk> {
  const clock = { now: START }
  const database = new BetterSqlite3(temporaryFile())
  database.pragma('journal_mode = WAL')
  const storage = createSqliteStorage({ database })
  let begun = 0
  const counting: typeof storage = {
    ...storage,
    // No time passes, so that batches are as large as their limit however slow this machine is.
    runtime: { ...storage.runtime, elapsed: () => 0 },
    transact(book, work) {
      begun += 1
      return storage.transact(book, work)
    },
  }
  const ledger = createLedger({ storage: counting, limits, runtime: { now: () => clock.now } })
  await ledger.migrate()
  onTestFinished(async () => {
    await ledger.close()
    database.close()
  })
  return { ledger, clock, database, begun: () => begun }
}

/** Lets the file have not one page more than it has. */
function fill(database: Database): void {
  database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`)
}

function makeRoom(database: Database): void {
  database.pragma('max_page_count = 1000000')
}

/** Posts long enough that a few of them fill a page. */
const post = (ledger: Ledger, index: number) =>
  ledger.journal.post(
    {
      description: `post ${index} ${'.'.repeat(400)}`,
      postings: [
        { account: 'bank:hdfc', debit: inr('10.00') },
        { account: 'opening-balances', credit: inr('10.00') },
      ],
    },
    { idempotencyKey: `k${index}` },
  )

const posts = (ledger: Ledger, count: number) => Array.from({ length: count }, (_, index) => post(ledger, index))

test('a batch that a full disk fails is not halved, changes nothing, and is taken once there is room', async () => {
  const { ledger, database, begun } = await onDisk()
  await post(ledger, 1_000)
  const before = dump(database)
  fill(database)
  const begunBefore = begun()
  expect(await tallyOf(posts(ledger, 50))).toEqual({ storage_failed: 50 })
  expect(begun() - begunBefore).toBe(1)
  expect(database.inTransaction).toBe(false)
  expect(dump(database)).toEqual(before)

  makeRoom(database)
  const posted = await Promise.all(posts(ledger, 50))
  expect(posted.filter(({ replayed }) => replayed)).toEqual([])
  expect(await balances(ledger)).toEqual({ 'bank:hdfc INR': '510.00', 'opening-balances INR': '510.00' })
  await expectClean(ledger)
})

test('a full disk fails each command that waits with what happened, while others read', async () => {
  const { ledger, database } = await onDisk({ maxBatch: 20 })
  await post(ledger, 1_000)
  const before = dump(database)
  fill(database)
  const waiting = posts(ledger, 200)
  const [failed] = await Promise.allSettled(waiting)
  expect(failed).toMatchObject({
    status: 'rejected',
    reason: {
      name: 'UnavailableError',
      code: 'storage_failed',
      retryable: true,
      message:
        'The database failed, and nothing was changed: database or disk is full (SQLITE_FULL). Make room for it, then call again.',
      cause: { code: 'SQLITE_FULL' },
    },
  })
  expect(await tallyOf(waiting)).toEqual({ storage_failed: 200 })
  expect(await balances(ledger)).toEqual({ 'bank:hdfc INR': '10.00', 'opening-balances INR': '10.00' })
  expect(dump(database)).toEqual(before)
})

test('a full disk stops a settlement run, which blames no release for it and goes on once there is room', async () => {
  const { ledger, clock, database } = await onDisk()
  const ids = Array.from({ length: 60 }, (_, index) => `s${index}`)
  for (const id of ids) await completedDeal(ledger, id)
  clock.now += DAY
  const before = dump(database)
  fill(database)
  expect(await codeOf(ledger.settlements.run())).toBe('storage_failed')
  expect(dump(database)).toEqual(before)

  makeRoom(database)
  expect(await ledger.settlements.run()).toMatchObject({ settled: 60, refusedCount: 0, stopped: false })
  await expectClean(ledger)
})
