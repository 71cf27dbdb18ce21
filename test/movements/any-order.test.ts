import type { Ledger } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { fundedDeal, inr } from '../fixtures/deals.js'
import { openOverlapping } from '../fixtures/open-overlapping.js'
import { storages } from '../fixtures/storages.js'

/** Every settlement and its credit, each told twice, in an order that changes with `turn`. */
function facts(ledger: Ledger, turn: number): (() => Promise<unknown>)[] {
  const told = Array.from({ length: 24 }, (_, nth) => {
    const about = { gateway: 'razorpay', utr: `UTR${nth}`, amount: inr('10.00') }
    const settled = () => ledger.movements.settled({ ...about, reference: `setl_${nth}` })
    const credited = () => ledger.movements.credited({ ...about, bank: 'hdfc' })
    return [settled, credited, settled, credited]
  }).flat()
  // The step has no factor in common with the number of facts, so that each comes once.
  return told.map((_, nth) => told[(nth * (5 + 2 * turn) + turn) % told.length] as () => Promise<unknown>)
}

async function tellAll(ledger: Ledger, turn: number): Promise<void> {
  await fundedDeal(ledger, 's1')
  await Promise.all(facts(ledger, turn).map((tell) => tell()))
  expect(await all(ledger.movements.list({ state: 'done' }))).toHaveLength(48)
  expect(await all(ledger.suspense.list())).toEqual([])
  expect(await balances(ledger)).toMatchObject({
    'bank:hdfc INR': '240.00',
    'gateway:razorpay:clearing INR': '760.00',
  })
  await expectClean(ledger)
}

test.each(storages)('settlements and credits find each other in any order, on $name', async ({ openLedger }) => {
  const { ledger } = await openLedger({ limits: { maxBatch: 7 } })
  await tellAll(ledger, 0)
})

test.each([0, 1, 3])('so they do where units of work overlap, in order %i', async (turn) => {
  const { ledger } = await openOverlapping({ seed: turn + 1, limits: { maxBatch: 5 } })
  await tellAll(ledger, turn)
})
