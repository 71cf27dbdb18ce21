import { type Ledger, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { inr, owe } from '../fixtures/deals.js'
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
})
