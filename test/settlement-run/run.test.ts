import { type LedgerError, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { completedDeal, deal, fundedDeal, inr, paymentOf } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE, START } from '../fixtures/open-ledger.js'
import { coaching } from '../fixtures/sample-terms.js'
import { type OpenBooks, type StorageUnderTest, storages } from '../fixtures/storages.js'

/** Ids that sort in the order of their numbers. */
const idsOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`)

/** Due deals of a payee of their own each. */
async function dueDeals({ openLedger }: StorageUnderTest, count: number, prefix = 's') {
  const opened = await openLedger()
  const { ledger, clock } = opened
  const ids = idsOf(prefix, count)
  await Promise.all(
    ids.flatMap((id) => [
      ledger.escrows.open({ ...deal(id), parties: { coach: `coach-${id}` } }),
      ledger.escrows.fund({ id, amount: inr('1000.00'), ...paymentOf(id) }),
      ledger.escrows.complete({ id }),
    ]),
  )
  clock.now = START + DAY
  return { ...opened, ids }
}

describe.each(storages)('a settlement run, on $name', ({ openLedger }) => {
  test('refuses a time that has not come', async () => {
    const { ledger, clock } = await openLedger()
    const run = ledger.settlements.run({ asOf: clock.now + 1 })
    await expect(run).rejects.toMatchObject({ code: 'time_in_future', at: clock.now + 1, now: clock.now })
  })

  test('settles what was due at a time in the past, and leaves the rest', async () => {
    const { ledger, clock } = await openLedger()
    await completedDeal(ledger, 'early')
    clock.now += HOUR
    await completedDeal(ledger, 'late')
    clock.now += 2 * DAY
    expect(await ledger.settlements.run({ asOf: START + DAY })).toMatchObject({ settled: 1, stopped: false })
    expect(await ledger.escrows.get('early')).toMatchObject({ status: 'settled', settledAt: START + DAY })
    expect(await ledger.escrows.get('late')).toMatchObject({ status: 'completed' })
  })

  test('goes in the order in which the deals fell due, and tells what is due before', async () => {
    const { ledger, clock } = await openLedger()
    for (const id of ['c', 'a', 'b']) {
      await completedDeal(ledger, id)
      clock.now += MINUTE
    }
    clock.now += DAY
    const { totals, escrows } = await ledger.settlements.due()
    expect(totals).toEqual([{ currency: 'INR', count: 3, amount: inr('3000.00') }])
    expect((await all(escrows)).map((escrow) => escrow.id)).toEqual(['c', 'a', 'b'])
    await ledger.settlements.run()
    const releases = await all(ledger.journal.list({ kind: 'release' }))
    expect(releases.map((entry) => entry.escrow)).toEqual(['c', 'a', 'b'])
    expect((await ledger.settlements.due()).totals).toEqual([])
  })

  describe('tells as due', () => {
    const dueOf = async ({ settlements }: OpenBooks['ledger'], asOf?: number) => {
      const { totals, escrows } = await settlements.due({ asOf })
      const listed = (await all(escrows)).map(({ id, dueAt, failedAttempt }) => [
        id,
        dueAt,
        failedAttempt?.code ?? null,
      ])
      return { totals: totals.map(({ currency, count, amount }) => [currency, count, amount]), listed }
    }
    const nothing = { totals: [], listed: [] }
    const one = (id: string, dueAt: number, code: string | null = null) => ({
      totals: [['INR', 1, inr('1000.00')]],
      listed: [[id, dueAt, code]],
    })
    const delivered = async (ledger: OpenBooks['ledger']) => {
      await ledger.escrows.open({ ...deal('s'), terms: { ...coaching, inspection: { days: 3 } } })
      await ledger.escrows.deliver({ id: 's' })
    }

    test('no deal that is not funded in full, whatever else of it is over', async () => {
      const { ledger, clock } = await openLedger()
      await delivered(ledger)
      clock.now = START + 10 * DAY
      expect(await dueOf(ledger)).toEqual(nothing)
      await ledger.escrows.fund({ id: 's', amount: inr('999.00'), ...paymentOf('s') })
      expect(await dueOf(ledger)).toEqual(nothing)
      await ledger.escrows.fund({ id: 's', amount: inr('1.00'), gateway: 'razorpay', reference: 'pay-2' })
      expect(await dueOf(ledger)).toEqual(one('s', clock.now))
      expect(await ledger.settlements.run()).toMatchObject({ completed: 1, settled: 1 })
      expect(await dueOf(ledger)).toEqual(nothing)
    })

    test('a deal whose inspection ended once its hold is over as well, and not before', async () => {
      const { ledger, clock } = await openLedger()
      await delivered(ledger)
      await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
      clock.now = START + 3 * DAY + HOUR
      expect(await dueOf(ledger)).toEqual(nothing)
      expect(await ledger.settlements.run()).toMatchObject({ completed: 1, settled: 0 })
      expect(await dueOf(ledger)).toEqual(nothing)
      clock.now = START + 4 * DAY
      expect(await dueOf(ledger)).toEqual(one('s', START + 4 * DAY))
      expect(await ledger.settlements.run()).toMatchObject({ settled: 1 })
    })

    test('a deal of which the inspection and the hold are over before any run has completed it', async () => {
      const { ledger, clock } = await openLedger()
      await delivered(ledger)
      await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
      clock.now = START + 10 * DAY
      expect(await dueOf(ledger, START + 4 * DAY - 1)).toEqual(nothing)
      expect(await dueOf(ledger, START + 4 * DAY)).toEqual(one('s', START + 4 * DAY))
      expect(await ledger.settlements.run({ asOf: START + 4 * DAY })).toMatchObject({ completed: 1, settled: 1 })
    })

    test('what a run refused, also while it is not tried again', async () => {
      const { ledger, clock } = await openLedger()
      await completedDeal(ledger, 's')
      await ledger.accounts.open({ code: 'payee:priya:payable', currency: 'INR' })
      await ledger.accounts.close({ code: 'payee:priya:payable' })
      clock.now = START + DAY
      expect(await ledger.settlements.run()).toMatchObject({ refusedCount: 1 })
      expect(await dueOf(ledger)).toEqual(one('s', START + DAY, 'account_closed'))
      expect(await ledger.settlements.run()).toMatchObject({ refusedCount: 0, settled: 0 })
      expect(await dueOf(ledger, START + DAY - 1)).toEqual(nothing)
    })

    test('what is held, of a deal that is disputed in part, and all of it when that is resolved', async () => {
      const { ledger, clock } = await openLedger()
      await completedDeal(ledger, 's')
      await ledger.escrows.dispute({ id: 's', amount: inr('300.00') })
      clock.now = START + DAY
      expect((await dueOf(ledger)).totals).toEqual([['INR', 1, inr('700.00')]])
      clock.now += HOUR
      await ledger.escrows.resolve({ id: 's', outcome: 'payee' })
      expect(await dueOf(ledger)).toEqual(one('s', START + DAY + HOUR))
    })

    test('pages, each after the one before', async () => {
      const { ledger, ids } = await dueDeals({ openLedger } as StorageUnderTest, 5)
      const { totals, escrows } = await ledger.settlements.due()
      expect(totals).toEqual([{ currency: 'INR', count: 5, amount: inr('5000.00') }])
      const first = await escrows.page({ limit: 3 })
      const second = await escrows.page({ limit: 3, after: first.next ?? '' })
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
    })
  })

  test('completes a deal whose inspection ended without an answer, as of that end, and releases it when it is due', async () => {
    const { ledger, clock } = await openLedger()
    await ledger.escrows.open({ ...deal('s'), terms: { ...coaching, inspection: { days: 3 } } })
    await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    await ledger.escrows.deliver({ id: 's' })
    clock.now = START + 3 * DAY - 1
    expect(await ledger.settlements.run()).toMatchObject({ completed: 0, settled: 0 })
    clock.now = START + 3 * DAY + HOUR
    expect(await ledger.settlements.run()).toMatchObject({ completed: 1, settled: 0 })
    expect(await ledger.escrows.get('s')).toMatchObject({ completedAt: START + 3 * DAY, dueAt: START + 4 * DAY })
    clock.now = START + 5 * DAY
    expect(await ledger.settlements.run()).toMatchObject({ completed: 0, settled: 1 })
    expect(await ledger.escrows.get('s')).toMatchObject({ status: 'settled', settledAt: START + 4 * DAY })
    await expectClean(ledger)
  })

  test('completes and releases in one go what is due by the time it comes', async () => {
    const { ledger, clock } = await openLedger()
    await ledger.escrows.open({ ...deal('s'), terms: { ...coaching, inspection: { days: 3 } } })
    await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    await ledger.escrows.deliver({ id: 's' })
    clock.now = START + 10 * DAY
    expect(await ledger.settlements.run()).toMatchObject({ completed: 1, settled: 1, refusedCount: 0 })
    expect(await ledger.escrows.get('s')).toMatchObject({ settledAt: START + 4 * DAY })
  })

  test('completes a delivered deal that was never funded, and settles it once the money comes', async () => {
    const { ledger, clock } = await openLedger()
    await ledger.escrows.open({ ...deal('s'), terms: { ...coaching, inspection: { days: 1 } } })
    await ledger.escrows.deliver({ id: 's' })
    clock.now = START + 10 * DAY
    expect(await ledger.settlements.run()).toMatchObject({ completed: 1, settled: 0, refusedCount: 0 })
    await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    expect(await ledger.settlements.run()).toMatchObject({ completed: 0, settled: 1 })
    expect(await ledger.escrows.get('s')).toMatchObject({ settledAt: clock.now })
  })

  test('passes over what was disputed in the meantime', async () => {
    const { ledger, clock } = await openLedger()
    await completedDeal(ledger, 's')
    await ledger.escrows.dispute({ id: 's' })
    clock.now += DAY
    expect(await ledger.settlements.run()).toMatchObject({ settled: 0, refusedCount: 0 })
    await ledger.escrows.resolve({ id: 's', outcome: 'payee' })
    expect(await ledger.settlements.run()).toMatchObject({ settled: 1 })
  })

  test('adds up what it released by currency', async () => {
    const { ledger, clock } = await openLedger()
    await completedDeal(ledger, 'a')
    await completedDeal(ledger, 'b', money('10.01', 'USD'))
    await completedDeal(ledger, 'c', money('500', 'JPY'))
    clock.now += DAY
    const { totals } = await ledger.settlements.run()
    expect(totals.map(({ currency, released, payable, fees }) => [currency, released, payable, fees])).toEqual([
      ['INR', inr('1000.00'), inr('800.00'), inr('200.00')],
      ['JPY', money('500', 'JPY'), money('400', 'JPY'), money('100', 'JPY')],
      ['USD', money('10.01', 'USD'), money('8.01', 'USD'), money('2.00', 'USD')],
    ])
  })

  test.each(['payee:chen:payable', 'payee:priya:payable', 'platform:vouchers'])(
    'counts credit that goes back to %s as what goes back to the payer',
    async (from) => {
      const { ledger, clock } = await openLedger()
      await ledger.accounts.open({ code: from, currency: 'INR', type: 'liability' })
      await ledger.journal.post({
        postings: [
          { account: 'bank:hdfc', debit: inr('600.00') },
          { account: from, credit: inr('600.00') },
        ],
      })
      await ledger.escrows.open(deal('s'))
      await ledger.escrows.fund({ id: 's', amount: inr('900.00'), ...paymentOf('s') })
      await ledger.escrows.fund({ id: 's', amount: inr('100.00'), from })
      await ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } })
      clock.now += DAY
      expect((await ledger.escrows.preview('s')).after).toMatchObject({ toPayer: inr('200.00') })
      expect((await ledger.settlements.run()).totals).toEqual([
        {
          ...{ currency: 'INR', releases: 1, released: inr('1000.00') },
          ...{ payable: inr('600.00'), fees: inr('200.00'), penalties: inr('0.00'), refunds: inr('200.00') },
        },
      ])
      await expectClean(ledger)
    },
  )
})

describe.each(storages)('a run that is stopped, on $name', (on) => {
  test.each([1, 2, 3, 5, 7, 19])('by a limit of %i is gone on with where it was', async (limit) => {
    const { ledger, ids } = await dueDeals(on, 20)
    let settled = 0
    for (;;) {
      const run = await ledger.settlements.run({ limit, pageSize: 4 })
      settled += run.settled
      expect(run.settled).toBeLessThanOrEqual(limit)
      if (!run.stopped) break
    }
    expect(settled).toBe(ids.length)
    expect(await all(ledger.journal.list({ kind: 'release' }))).toHaveLength(ids.length)
    await expectClean(ledger)
  })

  test('by its signal finishes the pages it is at, of which there are two', async () => {
    const { ledger, ids } = await dueDeals(on, 20)
    const controller = new AbortController()
    const progress: number[] = []
    const run = await ledger.settlements.run({
      pageSize: 5,
      signal: controller.signal,
      onProgress: ({ settled }) => {
        progress.push(settled)
        if (settled >= 5) controller.abort()
      },
    })
    expect(run).toMatchObject({ settled: progress.at(-1), stopped: true })
    expect(run.settled % 5).toBe(0)
    expect(run.settled).toBeLessThanOrEqual(10)
    expect(await ledger.settlements.run()).toMatchObject({ settled: ids.length - run.settled, stopped: false })
    await expectClean(ledger)
  })

  test('is safe with many workers at once', async () => {
    const { ledger, ids } = await dueDeals(on, 20)
    const runs = await Promise.all(Array.from({ length: 8 }, () => ledger.settlements.run({ pageSize: 3 })))
    expect(runs.reduce((sum, run) => sum + run.settled, 0)).toBe(ids.length)
    expect(runs.reduce((sum, run) => sum + run.refusedCount, 0)).toBe(0)
    expect(await balances(ledger)).toMatchObject({ 'platform:fees INR': '4000.00' })
    await expectClean(ledger)
  })
})

describe.each(storages)('deals that cannot be released, on $name', (on) => {
  /** A hundred deals whose payee's account is closed, due before two good ones. */
  async function badInFront() {
    const opened = await dueDeals(on, 100, 'bad-')
    const { ledger, clock, ids } = opened
    const payables = ids.map((id) => `payee:coach-${id}:payable`)
    await Promise.all(payables.map((code) => ledger.accounts.open({ code, currency: 'INR' })))
    await Promise.all(payables.map((code) => ledger.accounts.close({ code })))
    await completedDeal(ledger, 'good-1')
    await completedDeal(ledger, 'good-2')
    clock.now += DAY
    return opened
  }

  test('do not keep a run with a limit from the rest', async () => {
    const { ledger, clock } = await badInFront()
    const run = await ledger.settlements.run({ limit: 100 })
    expect(run).toMatchObject({ settled: 2, refusedCount: 100, stopped: false })
    expect(run.refused[0]).toEqual({
      escrow: 'bad-000',
      code: 'account_closed',
      message: expect.stringContaining('payee:coach-bad-000:payable'),
      nextAt: clock.now + MINUTE,
    })
    await expectClean(ledger)
  })

  test('are tried again, later each time, and keep their reason', async () => {
    const { ledger, clock } = await dueDeals(on, 1)
    await ledger.accounts.freeze({ code: 'platform:fees', what: 'all' }).catch((error: LedgerError) => error)
    await ledger.accounts.open({ code: 'platform:fees', currency: 'INR' })
    await ledger.accounts.freeze({ code: 'platform:fees', what: 'all' })
    const delays = [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    for (const [index, delay] of delays.entries()) {
      expect(await ledger.settlements.run()).toMatchObject({ refusedCount: 1 })
      const { failedAttempt } = await ledger.escrows.get('s000')
      expect(failedAttempt).toMatchObject({ code: 'account_frozen', attempts: index + 1, nextAt: clock.now + delay })
      clock.now += delay - 1
      expect(await ledger.settlements.run()).toMatchObject({ refusedCount: 0, settled: 0 })
      clock.now += 1
    }
    await ledger.accounts.unfreeze({ code: 'platform:fees' })
    expect(await ledger.settlements.run()).toMatchObject({ settled: 1 })
    const escrow = await ledger.escrows.get('s000')
    expect(escrow).toMatchObject({ status: 'settled', settledAt: START + DAY, failedAttempt: null })
    await expectClean(ledger)
  })

  test('can be settled by hand at any time', async () => {
    const { ledger } = await badInFront()
    await ledger.settlements.run()
    await fundedDeal(ledger, 'other')
    await ledger.escrows.refund({ id: 'bad-000' })
    expect(await ledger.escrows.get('bad-000')).toMatchObject({ status: 'refunded' })
    await expectClean(ledger)
  })
})
