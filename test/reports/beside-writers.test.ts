import { createPostgresStorage } from '@escrow-ledger/postgres'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger, type Ledger, type Storage } from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inr } from '../fixtures/deals.js'
import { HOUR, START } from '../fixtures/open-ledger.js'
import { temporaryFile } from '../fixtures/temporary-file.js'
import { openMigrated } from '../postgres/open-postgres.js'

/** More than a report reads in one page. */
const BANKS = 600
const WRITERS = 3
const LOOKS = 6

const bank = (index: number) => `bank:${String(index % BANKS).padStart(4, '0')}`

const places: Readonly<Record<string, () => Promise<Storage>>> = {
  'SQLite in memory': async () => createSqliteStorage({ filename: ':memory:' }),
  'a file of SQLite': async () => createSqliteStorage({ filename: temporaryFile(), synchronous: 'NORMAL' }),
  "a host's file without a write-ahead log": async () => {
    const database = new BetterSqlite3(temporaryFile())
    database.pragma('synchronous = OFF')
    onTestFinished(() => void database.close())
    return createSqliteStorage({ database })
  },
  PostgreSQL: async () => createPostgresStorage({ ...(await openMigrated()), maxConnections: 4 }),
}

async function openBanks(storage: Storage): Promise<Ledger> {
  const ledger = createLedger({ storage })
  onTestFinished(() => ledger.close())
  await ledger.migrate()
  const postings = (index: number) => [
    { account: bank(index), debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ]
  await Promise.all(Array.from({ length: BANKS }, (_, index) => ledger.journal.post({ postings: postings(index) })))
  return ledger
}

/** Moves money between accounts that lie pages apart, until it is told to stop; says how often. */
async function move(ledger: Ledger, { from, going }: { from: number; going: () => boolean }): Promise<number> {
  let count = 0
  for (; going(); count++) {
    const [left, right] = [bank(from + count * 7), bank(from + count * 7 + BANKS / 2)]
    await ledger.journal.post({
      postings: [
        { account: left, debit: inr('3.00') },
        { account: right, credit: inr('3.00') },
      ],
    })
  }
  return count
}

describe.each(Object.entries(places))('reports beside writers, on %s', (_, open) => {
  test('and balances as of a time, and the first line of a statement, are those of one moment', async () => {
    const ledger = createLedger({ storage: await open() })
    onTestFinished(() => ledger.close())
    await ledger.migrate()
    const hour = (count: number) => START + count * HOUR
    const moved = (debit: string, credit: string, effectiveAt: number) => {
      const amount = inr('100.00')
      const postings = [
        { account: debit, debit: amount },
        { account: credit, credit: amount },
      ]
      return { postings, effectiveAt }
    }
    // In on one day and out on the next, in one unit of work: by then all is as it was.
    const there = () => moved('bank:a', 'opening-balances', hour(1))
    const back = () => moved('opening-balances', 'bank:a', hour(25))
    await ledger.journal.post([there(), back(), moved('bank:a', 'opening-balances', hour(60))])
    let going = true
    const writing = (async () => {
      let count = 0
      for (; going; count++) {
        await ledger.journal.post([there(), back()])
        await new Promise((resolve) => setImmediate(resolve))
      }
      return count
    })()
    for (let look = 0; look < 40; look++) {
      const { balance } = await ledger.accounts.balance({ account: 'bank:a', currency: 'INR', asOf: hour(30) })
      expect(balance).toEqual(inr('0.00'))
      const lines = ledger.accounts.statement({ account: 'bank:a', currency: 'INR', from: hour(50) })
      expect((await lines.page({ limit: 1 })).items[0]?.balance).toEqual(inr('100.00'))
    }
    going = false
    expect(await writing).toBeGreaterThan(0)
    expect((await ledger.verify()).deviations).toEqual([])
  })

  test('are those of one moment', async () => {
    const ledger = await openBanks(await open())
    let going = true
    const writers = Array.from({ length: WRITERS }, (_, from) => move(ledger, { from, going: () => going }))
    const all = inr(`${BANKS * 10}.00`)
    for (let look = 0; look < LOOKS; look++) {
      const { totals } = await ledger.reports.trialBalance({ groupBy: look % 2 ? 'kind' : 'account' })
      expect(totals[0]?.debit).toEqual(totals[0]?.credit)
      const [position] = await ledger.reports.clientMoney()
      expect(position?.heldIn.banks).toEqual(all)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const recorded = await ledger.reports.trialBalance({ asOf: ledger.runtime.now(), order: 'recorded' })
    expect(recorded.totals[0]?.debit).toEqual(recorded.totals[0]?.credit)
    const { clientMoney, deviations } = await ledger.verify()
    going = false
    const counts = await Promise.all(writers)
    expect([clientMoney[0]?.heldIn.banks, deviations]).toEqual([all, []])
    for (const count of counts) expect(count).toBeGreaterThan(0)
  })
})
