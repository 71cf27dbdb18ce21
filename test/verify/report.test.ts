import { readFileSync } from 'node:fs'
import {
  type AuditPosting,
  createLedger,
  deviationCodes,
  money,
  type Storage,
  type VerifyProgress,
} from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fundedDeal, inr } from '../fixtures/deals.js'
import { liveEveryLife } from '../fixtures/every-life.js'
import { storages } from '../fixtures/storages.js'

describe.each(storages)('the report on $name', ({ openLedger }) => {
  test('of an empty book', async () => {
    const { ledger, clock } = await openLedger()
    const { checked, ...report } = await ledger.verify()
    const nothing = { deviations: [], deviationCount: 0, undecided: 0, clientMoney: [] }
    expect(report).toEqual({ ok: true, ...nothing, startedAt: clock.now, finishedAt: clock.now })
    expect(Object.values(checked).every((count) => count === 0)).toBe(true)
  })

  test('of a book whose neighbour is lost says nothing of it', async () => {
    const { ledger, database } = await openLedger()
    await fundedDeal(ledger, 's1')
    await fundedDeal(ledger.book('eu'), 's1')
    const { run } = await database.tamper()
    await run(`DELETE FROM ledger_books WHERE name = 'eu'`)
    expect(await ledger.verify()).toMatchObject({ ok: true, deviations: [] })
    expect(await ledger.book('eu').verify()).toMatchObject({ ok: false, deviations: [{ code: 'book_missing' }] })
  })

  test('names an entry whose metadata cannot be read, which is shown to nobody and reversed by nobody', async () => {
    const { ledger, clock, database } = await openLedger()
    const amount = inr('5.00')
    const postings = [
      { account: 'bank:hdfc', debit: amount },
      { account: 'platform:fees', credit: amount },
    ]
    const once = { idempotencyKey: 'post', actor: 'ops' }
    const { entry } = await ledger.journal.post({ postings, metadata: { order: '77' } }, once)
    const { id } = entry
    await (await database.tamper()).run(`UPDATE ledger_entries SET metadata = '{'`)
    const refused = { code: 'invariant_violated', message: expect.stringContaining(id) }
    await expect(ledger.journal.get(id)).rejects.toMatchObject(refused)
    await expect(ledger.journal.post({ postings, metadata: { order: '77' } }, once)).rejects.toMatchObject(refused)
    await expect(ledger.journal.reverse({ entry: id, effectiveAt: clock.now, reason: 'No.' })).rejects.toMatchObject(
      refused,
    )
    expect(await ledger.accounts.balance({ account: 'bank:hdfc', currency: 'INR' })).toMatchObject({ balance: amount })
    const found = [{ code: 'entry_unreadable', entry: id }]
    expect(await ledger.verify()).toMatchObject({ ok: false, deviations: found, deviationCount: 1 })
  })

  test('counts what was checked, and tells of every page', async () => {
    const { ledger, clock, database } = await openLedger()
    await liveEveryLife(ledger, clock)
    const told: VerifyProgress[] = []
    const { checked } = await ledger.verify({ pageSize: 10, onProgress: (progress) => told.push(progress) })
    const rows = await database.dump()
    const { days, ...counts } = checked
    for (const [table, count] of Object.entries({ ...counts, day_totals: days }))
      expect([table, count]).toEqual([table, rows[`ledger_${table}`]?.length])
    expect(told.at(-1)).toEqual({ checked, deviationCount: 0 })
    expect(told.length).toBeGreaterThan(20)
  })

  test('leaves nothing out of a book that was written by a clock ahead of this one', async () => {
    const { ledger, clock } = await openLedger()
    await liveEveryLife(ledger, clock)
    const { checked } = await ledger.verify()
    clock.now = 0
    expect((await ledger.verify({ pageSize: 10 })).checked).toEqual(checked)
  })

  test('keeps the first 1,000 deviations and counts all', async () => {
    const { ledger, database } = await openLedger()
    const codes = Array.from({ length: 1_100 }, (_, index) => `wallet:${index}`)
    await Promise.all(codes.map((code) => ledger.accounts.open({ code, currency: 'INR', type: 'liability' })))
    await (await database.tamper()).run('UPDATE ledger_accounts SET debits_pending = 1')
    const { ok, deviations, deviationCount } = await ledger.verify()
    expect({ ok, kept: deviations.length, deviationCount }).toEqual({ ok: false, kept: 1_000, deviationCount: 1_100 })
  })

  test('is about one book', async () => {
    const { ledger, database } = await openLedger()
    await fundedDeal(ledger, 'here')
    await fundedDeal(ledger.book('elsewhere'), 'there')
    await (await database.tamper()).run(`UPDATE ledger_escrows SET held_minor = 1 WHERE id = 'there'`)
    expect((await ledger.verify()).ok).toBe(true)
    expect((await ledger.book('elsewhere').verify()).ok).toBe(false)
  })

  test('says in words what differs', async () => {
    const { ledger, database } = await openLedger()
    await fundedDeal(ledger, 's1')
    await (await database.tamper()).run(`UPDATE ledger_accounts SET credits_posted = 99000 WHERE code = 'escrow:s1'`)
    const { deviations } = await ledger.verify()
    expect(deviations).toEqual([
      {
        code: 'account_totals_differ',
        message: 'Credits of escrow:s1: 1000.00 INR by the postings, 990.00 INR on record.',
        account: { code: 'escrow:s1', currency: 'INR' },
        expected: inr('1000.00'),
        actual: inr('990.00'),
      },
    ])
  })

  test('stops when its signal aborts', async () => {
    const { ledger, clock } = await openLedger()
    await liveEveryLife(ledger, clock)
    const controller = new AbortController()
    const onProgress = ({ checked }: VerifyProgress) => {
      if (checked.entries > 0) controller.abort()
    }
    const stopped = ledger.verify({ onProgress, signal: controller.signal })
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
  })
})

test.each(storages)('postings of an account that is not there are named on $name', async ({ createStorage }) => {
  const real = await createStorage()
  const ghost = { code: 'wallet:ghost', currency: 'INR', amount: 1n, version: 1, balance: 1n }
  const row: AuditPosting = { ...ghost, entry: 'ghost-entry', effectiveAt: 0, recordedAt: 0 }
  const storage: Storage = {
    ...real,
    reads: {
      ...real.reads,
      async auditPostings(book, page) {
        const rows = await real.reads.auditPostings(book, page)
        return rows.length < page.limit && page.after?.code !== ghost.code ? [...rows, row] : rows
      },
    },
  }
  const ledger = createLedger({ storage })
  onTestFinished(() => ledger.close())
  await ledger.migrate()
  await fundedDeal(ledger, 's1')
  const { deviations } = await ledger.verify()
  expect(deviations.map(({ code, account, entry }) => ({ code, account, entry }))).toEqual([
    { code: 'posting_orphaned', account: { code: ghost.code, currency: 'INR' }, entry: 'ghost-entry' },
    { code: 'totals_unbalanced', account: undefined, entry: undefined },
  ])
})

describe.each(storages)('client money on $name', ({ openLedger }) => {
  test('is what is owed to others against what is there, per currency', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's1')
    await ledger.escrows.dispute({ id: 's1', amount: inr('400.00') })
    const [position] = await ledger.reports.clientMoney()
    expect(position).toMatchObject({
      currency: 'INR',
      owed: inr('1000.00'),
      available: inr('1000.00'),
      shortfall: null,
      owedTo: { escrows: inr('600.00'), disputed: inr('400.00'), payables: inr('0.00') },
      heldIn: { clearing: inr('1000.00'), banks: inr('0.00') },
    })
    expect((await ledger.verify()).clientMoney).toEqual([position])
  })

  test('names a shortfall, which is no deviation', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's1')
    await ledger.payments.fee({ gateway: 'razorpay', reference: 'pay-s1', fee: inr('23.60') })
    const { ok, clientMoney } = await ledger.verify()
    expect(ok).toBe(true)
    expect(clientMoney.map(({ shortfall }) => shortfall)).toEqual([inr('23.60')])
  })

  test('adds up every line of the chart that belongs to others', async () => {
    const { ledger, clock } = await openLedger()
    await liveEveryLife(ledger, clock)
    for (const { owed, owedTo, available, heldIn, currency } of await ledger.reports.clientMoney()) {
      const sum = (amounts: object) => Object.values(amounts).reduce((total: bigint, each) => total + each.minor, 0n)
      expect([currency, owed.minor, available.minor]).toEqual([currency, sum(owedTo), sum(heldIn)])
    }
    const usd = (await ledger.reports.clientMoney()).find(({ currency }) => currency === 'USD')
    expect(usd?.owedTo.suspense).toEqual(money('12.00', 'USD'))
  })
})

test('every deviation code stands in the documentation', () => {
  const text = readFileSync(new URL('../../docs/verify.md', import.meta.url), 'utf8')
  const lines = [...text.matchAll(/^\| `([a-z_]+)` \| (.+) \|$/gm)].map(([, code, says]) => [code, says])
  expect(Object.fromEntries(lines)).toEqual(deviationCodes)
})
