import type { CallOutcome, Gateway, GatewayCall } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { databases } from '../fixtures/databases.js'
import { completedDeal, fundedDeal, inr } from '../fixtures/deals.js'
import { DAY, MINUTE } from '../fixtures/open-ledger.js'
import { openShared } from '../fixtures/open-shared.js'
import { refundsAndPayouts } from '../fixtures/operations.js'
import { tallyOf } from '../fixtures/outcomes.js'

const DEALS = 40
const ids = Array.from({ length: DEALS }, (_, index) => `s${index}`)

test.each(databases)(
  'settlement runs of many workers, and callers in between, release each deal once (on $name)',
  async (database) => {
    const { ledgers, clock } = await openShared(database, { storages: 4 })
    const [ledger] = ledgers
    if (!ledger) throw new Error('There is a ledger for each storage.')
    for (const id of ids) await completedDeal(ledger, id)
    clock.now += DAY
    const calls = ids.filter((_, index) => index % 3 === 0).map((id) => ledger.escrows.settle({ id }))
    const runs = ledgers.flatMap((each) => [1, 2].map(() => each.settlements.run({ pageSize: 7 })))
    const tally = await tallyOf(calls)
    const settled = (await Promise.all(runs)).reduce((sum, run) => sum + run.settled, 0)
    expect(settled + (tally.ok ?? 0)).toBe(DEALS)
    expect((tally.ok ?? 0) + (tally.escrow_already_settled ?? 0)).toBe(calls.length)
    expect(await balances(ledger)).toEqual({
      'gateway:razorpay:clearing INR': '40000.00',
      'payee:priya:payable INR': '32000.00',
      'platform:fees INR': '8000.00',
    })
    await expectClean(ledger)
  },
)

test.each(databases)('payout runs of many workers request each balance once (on $name)', async (database) => {
  const { ledgers, clock } = await openShared(database, { storages: 4 })
  const [ledger] = ledgers
  if (!ledger) throw new Error('There is a ledger for each storage.')
  for (const id of ids) {
    await ledger.journal.post({
      postings: [
        { account: 'platform:promotions', debit: inr('10.00') },
        { account: `payee:${id}:payable`, credit: inr('10.00') },
      ],
    })
  }
  const run = () => Promise.all(ledgers.map((each) => each.payouts.run({ gateway: 'razorpay' })))
  const requested = (await run()).reduce((sum, { requested: count }) => sum + count, 0)
  expect(requested).toBe(DEALS)
  clock.now += DAY
  expect((await run()).map((each) => each.requested)).toEqual([0, 0, 0, 0])
  expect(await all(ledger.payouts.list())).toHaveLength(DEALS)
  expect(await balances(ledger)).toEqual({
    'platform:promotions INR': '400.00',
    'payouts:in-transit:razorpay INR': '400.00',
  })
  await expectClean(ledger)
})

/** A gateway that remembers what it was sent, by key. */
function countingGateway() {
  const sent: GatewayCall[] = []
  const send = async (call: GatewayCall): Promise<CallOutcome> => {
    sent.push(call)
    return { outcome: 'processed', reference: `ref-${call.key}` }
  }
  const gateway: Gateway = { operations: refundsAndPayouts(Number.POSITIVE_INFINITY), send, ask: send }
  return { sent, gateway }
}

test.each(databases)('dispatchers of many workers send each instruction once (on $name)', async (database) => {
  const { sent, gateway } = countingGateway()
  const { ledgers } = await openShared(database, { storages: 4, gateways: { razorpay: gateway } })
  const [ledger] = ledgers
  if (!ledger) throw new Error('There is a ledger for each storage.')
  for (const id of ids) {
    await fundedDeal(ledger, id)
    await ledger.escrows.cancel({ id })
  }
  const runs = await Promise.all(ledgers.flatMap((each) => [1, 2].map(() => each.instructions.dispatch())))
  expect(sent).toHaveLength(DEALS)
  expect(new Set(sent.map((call) => call.key)).size).toBe(DEALS)
  expect(runs.reduce((sum, run) => sum + run.attempts, 0)).toBe(DEALS)
  expect(await balances(ledger)).toEqual({})
  await expectClean(ledger)
})

test.each(databases)(
  'a dispatcher and an operator who confirms, fails and cancels end each instruction once (on $name)',
  async (database) => {
    const { gateway } = countingGateway()
    const { ledgers, clock } = await openShared(database, { storages: 4, gateways: { razorpay: gateway } })
    const [ledger, other] = ledgers
    if (!ledger || !other) return
    for (const id of ids) {
      await fundedDeal(ledger, id)
      await ledger.escrows.cancel({ id })
    }
    const instructions = await all(ledger.instructions.list())
    const operate = instructions.flatMap(({ id }) => [
      other.instructions.confirm({ id, reference: 'by hand' }),
      other.instructions.fail({ id, reason: 'by hand' }),
      other.instructions.cancel({ id }),
    ])
    const [tally] = await Promise.all([tallyOf(operate), ...ledgers.map((each) => each.instructions.dispatch())])
    expect(Object.keys(tally).filter((code) => code !== 'ok')).toEqual(['instruction_state'])
    clock.now += MINUTE
    await ledger.instructions.dispatch()
    for (const { id, state } of await all(ledger.instructions.list())) {
      expect(['processed', 'failed', 'cancelled']).toContain(state)
      expect(await all(ledger.journal.list({ instruction: id }))).toHaveLength(2)
    }
    await expectClean(ledger)
  },
)
