import type { Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { bundle } from '../fixtures/child-process.js'
import { databases } from '../fixtures/databases.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { DAY, START } from '../fixtures/open-ledger.js'
import { coaching } from '../fixtures/sample-terms.js'
import { type Chance, killAt, killOnBooks, killsOn } from './killing.js'
import { type Book, reopen } from './reopening.js'

const program = bundle('crash/settle.process.ts')
const DEALS = 300
const ids = Array.from({ length: DEALS }, (_, index) => `s${index}`)

/** A third is completed well, a third so badly that part goes back, and a third is left for the run to complete. */
async function openDueDeals(ledger: Ledger): Promise<void> {
  await Promise.all(
    ids.flatMap((id, index) => [
      ledger.escrows.open({ ...deal(id), terms: { ...coaching, inspection: { days: 1 } } }),
      ledger.escrows.fund({ id, amount: inr('1000.00'), ...paymentOf(id) }),
      ledger.escrows.deliver({ id }),
      ...(index % 3 === 0 ? [ledger.escrows.complete({ id })] : []),
      ...(index % 3 === 1 ? [ledger.escrows.complete({ id, measures: { satisfaction: 2 } })] : []),
    ]),
  )
}

const afterwards = {
  'gateway:razorpay:clearing INR': '300000.00',
  'payee:priya:payable INR': '220000.00',
  'platform:fees INR': '60000.00',
  'refunds:in-transit:razorpay INR': '20000.00',
}

/** Kills one settlement run after the other on new books; answers how often, and leaves a part to be done. */
async function killRuns(book: Book, { chance, kills }: { chance: Chance; kills: number }): Promise<number> {
  await reopen(book, openDueDeals)
  book.clock.now += 5 * DAY
  let settled = 0
  for (let killed = 0; killed < kills; killed++) {
    const moment = chance.moment({ lines: 10, delayMs: 12 })
    const ending = await killAt(await program, { args: [book.place, String(book.clock.now)], moment })
    if (!ending.killed) return killed
    const kept = await reopen(book, async (ledger) => {
      await expectClean(ledger)
      return (await all(ledger.escrows.list({ status: 'settled' }))).length
    })
    // What was told as done is done.
    expect(kept).toBeGreaterThanOrEqual(settled + Number(ending.lines.at(-1)))
    settled = kept
  }
  return kills
}

async function finish(book: Book): Promise<void> {
  await reopen(book, async (ledger) => {
    const settledBefore = (await all(ledger.escrows.list({ status: 'settled' }))).length
    const run = await ledger.settlements.run()
    expect(run).toMatchObject({ settled: DEALS - settledBefore, refusedCount: 0, stopped: false })
    const escrows = await all(ledger.escrows.list({ status: 'settled' }))
    expect(escrows.map((escrow) => escrow.id).sort()).toEqual([...ids].sort())
    const releases = await all(ledger.journal.list({ kind: 'release' }))
    expect(releases.map((entry) => entry.escrow).sort()).toEqual([...ids].sort())
    const refunds = await all(ledger.instructions.list({ kind: 'refund' }))
    const penalised = ids.filter((_, index) => index % 3 === 1)
    expect(refunds.map((refund) => refund.escrow).sort()).toEqual(penalised.sort())
    expect(await balances(ledger)).toEqual(afterwards)
    await expectClean(ledger)
  })
}

describe.each(databases)('on $name', ({ name, newPlace }) => {
  const kills = killsOn(name)

  test(`a settlement run that is killed ${kills} times settles each deal once`, {
    timeout: kills * 60_000,
  }, async () => {
    await killOnBooks(kills, async (given) => {
      const book = { place: await newPlace(), clock: { now: START } }
      const killed = await killRuns(book, given)
      await finish(book)
      return killed
    })
  })
})
