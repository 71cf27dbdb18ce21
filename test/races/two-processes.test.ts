import { expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { bundle, outputOf } from '../fixtures/child-process.js'
import { databases } from '../fixtures/databases.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { openShared } from '../fixtures/open-shared.js'
import type { Hammered } from './hammer.process.js'

const program = bundle('races/hammer.process.ts')
const DEALS = 60

test.each(databases)('two processes on $name end each deal once', async (database) => {
  const { ledgers, place, clock } = await openShared(database, { storages: 1 })
  const [ledger] = ledgers
  if (!ledger) throw new Error('There is a ledger for each storage.')
  const ids = Array.from({ length: DEALS }, (_, index) => `s${index}`)
  await ledger.accounts.open({ code: 'counter', currency: 'INR', type: 'liability' })
  await Promise.all(
    ids.flatMap((id) => [
      ledger.escrows.open({ ...deal(id), parties: { coach: `coach-${id}` } }),
      ledger.escrows.fund({ id, amount: inr('1000.00'), ...paymentOf(id) }),
    ]),
  )
  const { start } = await program
  const outputs = await Promise.all(
    ['one', 'other'].map((name) => outputOf(start([place, name, String(clock.now), String(DEALS)]))),
  )
  const hammered = outputs.map((output) => JSON.parse(output) as Hammered)

  const won = hammered.flatMap((each) => each.won).filter((what) => what !== 'raise')
  expect(won.filter((what) => what.startsWith('end ')).sort()).toEqual(ids.map((id) => `end ${id}`).sort())
  for (const each of hammered) expect(each.won.filter((what) => what.startsWith('end ')).length).toBeGreaterThan(0)
  const counter = await ledger.accounts.get({ code: 'counter', currency: 'INR' })
  expect(counter).toMatchObject({ balance: inr('100.00'), version: 100 })
  expect(hammered.map((each) => each.raised)).toEqual([50, 50])

  const settled = await all(ledger.escrows.list({ status: 'settled' }))
  expect(settled.length).toBeGreaterThan(0)
  expect(won.filter((what) => what.startsWith('payout ')).length).toBeGreaterThan(0)
  // A coach's whole balance is requested once, or again after it was taken back.
  for (const { id } of settled) {
    const payouts = (await all(ledger.payouts.list())).filter((payout) => payout.party === `coach-${id}`)
    const live = payouts.filter((payout) => payout.state !== 'cancelled')
    expect(live.length).toBeLessThanOrEqual(1)
    const { balance } = await ledger.accounts.balance({ account: `payee:coach-${id}:payable`, currency: 'INR' })
    expect(balance).toEqual(live.length === 1 ? inr('0.00') : inr('800.00'))
  }
  await expectClean(ledger)
})
