import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, fromMinor, type Reads } from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { storages } from '../fixtures/storages.js'

const INR = 'INR'

describe.each(storages)('reports on $name', ({ openLedger }) => {
  test('add up more than one account can hold', async () => {
    const { ledger } = await openLedger()
    const most = fromMinor(2n ** 63n - 1n, INR)
    for (const bank of ['bank:a', 'bank:b', 'bank:c']) {
      const capital = `capital:${bank}`
      await ledger.accounts.open({ code: capital, currency: INR, type: 'equity' })
      const postings = [
        { account: bank, debit: most },
        { account: capital, credit: most },
      ]
      await ledger.journal.post({ postings })
    }
    const all = { minor: 3n * most.minor, currency: INR }
    const { totals } = await ledger.reports.trialBalance()
    expect(totals).toEqual([{ currency: INR, debit: all, credit: all }])
    expect(JSON.stringify(totals[0]?.debit)).toBe('{"amount":"276701161105643274.21","currency":"INR"}')
    const { rows } = await ledger.reports.trialBalance({ groupBy: 'kind' })
    expect(rows.find(({ account }) => account === 'bank:*')?.debit).toEqual(all)
    expect((await ledger.reports.clientMoney())[0]?.available).toEqual(all)
    expect(await ledger.verify()).toMatchObject({ ok: true, clientMoney: [{ currency: INR, available: all }] })
  })
})

test('two reports are made at a time, and the others wait', async () => {
  const storage = createSqliteStorage({ filename: ':memory:' })
  let [now, most] = [0, 0]
  const snapshot = async <Result>(read: (reads: Reads) => Promise<Result>) => {
    now += 1
    most = Math.max(most, now)
    await new Promise((resolve) => setImmediate(resolve))
    now -= 1
    return storage.snapshot(read)
  }
  const ledger = createLedger({ storage: { ...storage, snapshot } })
  onTestFinished(() => ledger.close())
  await ledger.migrate()
  const reports = Array.from({ length: 20 }, () => ledger.reports.trialBalance())
  expect((await Promise.all(reports)).map(({ rows }) => rows)).toEqual(Array(20).fill([]))
  expect(most).toBe(2)
})
