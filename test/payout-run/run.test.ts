import { type Ledger, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { inr, owe } from '../fixtures/deals.js'
import { DAY, openLedger } from '../fixtures/open-ledger.js'
import { storages } from '../fixtures/storages.js'

/** Owes something in an account of the host's own, whose code resembles that of a payable. */
async function oweElsewhere(ledger: Ledger, code: string): Promise<void> {
  await ledger.accounts.open({ code, currency: 'INR', type: 'liability', floor: inr('0.00') }).catch(() => {})
  await ledger.journal.post({
    postings: [
      { account: 'platform:promotions', debit: inr('500.00') },
      { account: code, credit: inr('500.00') },
    ],
  })
}

const payoutsOf = async (ledger: Ledger) =>
  (await all(ledger.payouts.list())).map(({ id, party, amount }) => [id, party, amount])

describe.each(storages)('a payout run, on $name', ({ openLedger }) => {
  test.each(['payee:priya:bonus:payable', 'payee:priya%:payable', 'payee:a%3a:payable', 'payee::payable'])(
    'pays out the payables of the chart, and not %s, which the host calls alike',
    async (code) => {
      const { ledger } = await openLedger()
      await oweElsewhere(ledger, code)
      for (const payee of ['priya', 'zoe']) await owe(ledger, payee, inr('600.00'))
      expect(await ledger.payouts.run({ gateway: 'manual' })).toMatchObject({ requested: 2, left: [] })
      expect(await payoutsOf(ledger)).toEqual(
        ['priya', 'zoe'].map((payee) => [`payout:auto:2026-11-02:INR:${payee}`, payee, inr('600.00')]),
      )
      expect(await balances(ledger)).toMatchObject({ [`${code} INR`]: '500.00' })
      await expectClean(ledger)
    },
  )

  test('leaves other currencies alone where the minimum names one', async () => {
    const { ledger } = await openLedger()
    await owe(ledger, 'priya', inr('600.00'))
    await owe(ledger, 'priya', money('10.00', 'USD'))
    expect(await ledger.payouts.run({ gateway: 'manual', minimum: inr('500.00') })).toMatchObject({ requested: 1 })
    expect(await payoutsOf(ledger)).toEqual([['payout:auto:2026-11-02:INR:priya', 'priya', inr('600.00')]])
  })

  describe('told as left, while the payout of the period', () => {
    const monthly = { gateway: 'manual', schedule: 'monthly' } as const
    const id = 'auto:2026-11:INR:priya'
    const further = 'Request another with payouts.request, or leave it to the next period.'
    const paidOut = async () => {
      const opened = await openLedger()
      await owe(opened.ledger, 'priya', inr('600.00'))
      expect(await opened.ledger.payouts.run(monthly)).toEqual({ requested: 1, left: [], leftCount: 0 })
      opened.clock.now += 10 * DAY
      return opened
    }
    const left = (amount: string, why: string) => {
      const reason = `The payout ${id} of this period ${why}. ${further}`
      return { requested: 0, left: [{ payee: 'priya', owed: inr(amount), reason }], leftCount: 1 }
    }

    test.each([
      ['failed', (ledger: Ledger) => ledger.instructions.fail({ id: `payout:${id}`, reason: 'wrong account' })],
      ['cancelled', (ledger: Ledger) => ledger.instructions.cancel({ id: `payout:${id}`, reason: 'wrong account' })],
      [
        'reversed',
        async (ledger: Ledger) => {
          await ledger.instructions.confirm({ id: `payout:${id}`, reference: 'utr-1' })
          await ledger.instructions.reverse({ id: `payout:${id}`, reason: 'wrong account' })
        },
      ],
    ])('is %s: its money, with the reason', async (state, end) => {
      const { ledger, clock } = await paidOut()
      await end(ledger)
      expect(await ledger.payouts.run(monthly)).toEqual(left('600.00', `is ${state} (wrong account)`))
      clock.now += 30 * DAY
      expect(await ledger.payouts.run(monthly)).toEqual({ requested: 1, left: [], leftCount: 0 })
      await expectClean(ledger)
    })

    test('is failed: nothing once somebody has requested another', async () => {
      const { ledger } = await paidOut()
      await ledger.instructions.fail({ id: `payout:${id}`, reason: 'wrong account' })
      await ledger.payouts.request({ id: 'by-hand', payee: 'priya', amount: inr('600.00'), gateway: 'manual' })
      expect(await ledger.payouts.run(monthly)).toEqual({ requested: 0, left: [], leftCount: 0 })
    })

    test('is under way or processed: what was earned since', async () => {
      const { ledger } = await paidOut()
      await owe(ledger, 'priya', inr('5.00'))
      expect(await ledger.payouts.run(monthly)).toEqual(left('5.00', 'was requested already'))
      await ledger.instructions.confirm({ id: `payout:${id}`, reference: 'utr-1' })
      expect(await ledger.payouts.run(monthly)).toEqual(left('5.00', 'was requested already'))
    })
  })
})

test('counts all of which something stays owed, and names the first thousand', async () => {
  const { ledger } = await openLedger()
  const postings = Array.from({ length: 1_001 }, (_, index) => ({
    account: `payee:p${index}:payable`,
    credit: inr('1.00'),
  }))
  for (const some of [postings.slice(0, 900), postings.slice(900)]) {
    await ledger.journal.post({
      postings: [{ account: 'platform:promotions', debit: inr(`${some.length}.00`) }, ...some],
    })
  }
  const run = await ledger.payouts.run({ gateway: 'manual', minimum: inr('2.00') })
  expect([run.requested, run.left.length, run.leftCount]).toEqual([0, 1_000, 1_001])
})
