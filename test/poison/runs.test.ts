import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { completedDeal, deal, inr, owe } from '../fixtures/deals.js'
import { DAY, MINUTE, START } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { coaching } from '../fixtures/sample-terms.js'
import { type OpenBooks, storages } from '../fixtures/storages.js'
import type { TestDatabase } from '../fixtures/test-database.js'

const saying = 'the audit has begun'

/** Lets the database refuse the release of every escrow whose id begins so. */
const refuseReleases = (database: TestDatabase, prefix: string) =>
  database.refuse({
    table: 'ledger_entries',
    on: 'INSERT',
    when: `NEW.kind = 'release' AND NEW.escrow LIKE '${prefix}%'`,
    saying,
  })

/** Completed deals, due now, in the order of their ids. */
async function dueDeals({ ledger, clock }: OpenBooks, ids: readonly string[]): Promise<void> {
  for (const id of ids) await completedDeal(ledger, id)
  clock.now = START + DAY
}

const idsOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`)

describe.each(storages)('a settlement run, of which the database on $name refuses one release', ({ openLedger }) => {
  test.each([1, 2, 250])('makes all the others, in pages of %i, and keeps the reason', async (pageSize) => {
    const opened = await openLedger()
    const { ledger, clock, database } = opened
    await dueDeals(opened, ['a', 'b', 'c'])
    await refuseReleases(database, 'b')
    const run = await ledger.settlements.run({ pageSize })
    const refused = { code: 'storage_refused', message: expect.stringContaining(saying) }
    const nextAt = clock.now + MINUTE
    expect(run).toMatchObject({ settled: 2, refusedCount: 1, stopped: false })
    expect(run.refused).toEqual([{ escrow: 'b', ...refused, nextAt }])

    expect(await ledger.escrows.get('b')).toMatchObject({
      status: 'completed',
      held: inr('1000.00'),
      failedAttempt: { ...refused, attempts: 1, at: clock.now, nextAt },
    })
    const told = await all(ledger.escrows.timeline('b'))
    expect(told.at(-1)).toMatchObject({ command: 'settlement-refused', detail: refused, actor: 'settlement-run' })
    expect(await balances(ledger)).toMatchObject({ 'payee:priya:payable INR': '1600.00', 'escrow:b INR': '1000.00' })
    await expectClean(ledger)
  })

  test('tries it again, later each time, until the database takes it', async () => {
    const opened = await openLedger()
    const { ledger, clock, database } = opened
    await dueDeals(opened, ['a', 'b'])
    await refuseReleases(database, 'b')
    expect(await ledger.settlements.run()).toMatchObject({ settled: 1, refusedCount: 1 })
    for (const delay of [MINUTE, 2 * MINUTE, 4 * MINUTE]) {
      clock.now += delay - 1
      expect(await ledger.settlements.run()).toMatchObject({ settled: 0, refusedCount: 0 })
      clock.now += 1
      expect(await ledger.settlements.run()).toMatchObject({ settled: 0, refusedCount: 1 })
    }
    await database.allow()
    clock.now += 8 * MINUTE
    expect(await ledger.settlements.run()).toMatchObject({ settled: 1, refusedCount: 0 })
    expect(await ledger.escrows.get('b')).toMatchObject({
      status: 'settled',
      settledAt: START + DAY,
      failedAttempt: null,
    })
    await expectClean(ledger)
  })

  test('reaches the rest within its limit, however many in front are refused', async () => {
    const opened = await openLedger()
    const { ledger, database } = opened
    await dueDeals(opened, [...idsOf('bad-', 12), ...idsOf('good-', 3)])
    await refuseReleases(database, 'bad-')
    const run = await ledger.settlements.run({ limit: 4, pageSize: 4 })
    expect(run).toMatchObject({ settled: 3, refusedCount: 12, stopped: false })
    await expectClean(ledger)
  })

  test('goes on where the database takes nothing of the escrow, not even the reason', async () => {
    const opened = await openLedger()
    const { ledger, clock, database } = opened
    await dueDeals(opened, ['a', 'b', 'c'])
    await database.refuse({ table: 'ledger_escrows', on: 'UPDATE', when: "OLD.id = 'b'" })
    const untouched = await ledger.escrows.get('b')
    const run = await ledger.settlements.run({ pageSize: 1 })
    expect(run).toMatchObject({ settled: 2, refusedCount: 1, stopped: false })
    expect(run.refused).toMatchObject([{ escrow: 'b', code: 'storage_refused', nextAt: START + DAY }])
    expect(await ledger.escrows.get('b')).toEqual(untouched)

    // It is still due, so nothing waits for a later attempt.
    expect(await ledger.settlements.run()).toMatchObject({ settled: 0, refusedCount: 1 })
    await database.allow()
    expect(await ledger.settlements.run()).toMatchObject({ settled: 1, refusedCount: 0 })
    expect(await ledger.escrows.get('b')).toMatchObject({ status: 'settled', settledAt: clock.now })
    await expectClean(ledger)
  })

  test('keeps the reason as well where an inspection that is over cannot be noted', async () => {
    const { ledger, clock, database } = await openLedger()
    await ledger.escrows.open({ ...deal('s'), terms: { ...coaching, inspection: { days: 1 } } })
    await ledger.escrows.deliver({ id: 's' })
    clock.now = START + DAY
    await database.refuse({ table: 'ledger_events', on: 'INSERT', when: "NEW.command = 'complete'" })
    expect(await ledger.settlements.run()).toMatchObject({ completed: 0, refusedCount: 1 })
    expect(await ledger.escrows.get('s')).toMatchObject({ failedAttempt: { code: 'storage_refused' } })
    clock.now += MINUTE
    await database.allow()
    expect(await ledger.settlements.run()).toMatchObject({ completed: 1, refusedCount: 0 })
  })
})

describe.each(storages)('a run on $name', ({ openLedger }) => {
  test('over settlements ends when the database takes no writes at all, and blames no release for it', async () => {
    const opened = await openLedger({ busyDeadlineMs: 200 })
    const { ledger, database } = opened
    await dueDeals(opened, ['a', 'b', 'c'])
    const before = await database.dump()
    await database.whileReadOnly(async () => {
      expect(await codeOf(ledger.settlements.run())).toBe('storage_failed')
      expect(await database.dump()).toEqual(before)
    })
    expect(await ledger.settlements.run()).toMatchObject({ settled: 3, refusedCount: 0 })
  })

  test('over payouts leaves the payee whose payout the database refuses, and pays the others', async () => {
    const { ledger, database } = await openLedger()
    for (const payee of ['arun', 'priya', 'zoe']) await owe(ledger, payee, inr('600.00'))
    await database.refuse({ table: 'ledger_instructions', on: 'INSERT', when: "NEW.party = 'priya'", saying })
    const run = await ledger.payouts.run({ gateway: 'razorpay' })
    expect(run).toMatchObject({ requested: 2, left: [{ payee: 'priya', owed: inr('600.00') }] })
    expect(run.left[0]?.reason).toContain(saying)
    await database.allow()
    expect(await ledger.payouts.run({ gateway: 'razorpay' })).toMatchObject({ requested: 1, left: [] })
    expect(await balances(ledger)).toMatchObject({ 'payouts:in-transit:razorpay INR': '1800.00' })
    await expectClean(ledger)
  })
})
