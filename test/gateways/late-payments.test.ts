import { money } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { coaching } from '../fixtures/sample-terms.js'
import { goOn, openDeal, rupees } from './open-deal.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Another deal of INR 500.00, whose order was given up; no webhook arrives anywhere. */
async function givenUp() {
  const opened = await openDeal()
  const { ledger } = opened
  await ledger.orders.refresh('o1')
  const amount = money('500.00', 'INR')
  await ledger.escrows.open({ id: 's2', payer: 'c2', parties: { coach: 'p1' }, amount, terms: coaching })
  const { gatewayReference } = await ledger.orders.create({ id: 'o2', escrow: 's2', gateway: 'razorpay' })
  await ledger.instructions.fail({ id: 'order:o2', reason: 'the payer has left' })
  return { ...opened, gatewayReference: gatewayReference ?? '' }
}

/** How often a round asked Razorpay about the order. */
const looks = ({ sandbox }: Awaited<ReturnType<typeof givenUp>>) =>
  sandbox.log.all().filter(({ operation }) => operation === 'listOrderPayments').length

test('what is paid for an order that was given up arrives in the books', async () => {
  const opened = await givenUp()
  const { ledger, razorpay } = opened
  await goOn(opened, { hours: 8 })
  razorpay.pay(opened.gatewayReference)
  await goOn(opened, { hours: 10 })
  expect(await ledger.escrows.get('s2')).toMatchObject({ status: 'funded' })
  expect(await ledger.orders.get('o2')).toMatchObject({ state: 'failed', reason: 'the payer has left' })
  const { 'gateway:razorpay:clearing INR': clearing } = await balances(ledger)
  expect(clearing).toBe(rupees(razorpay.balances().clearing))
  await expectClean(ledger)
})

test('what is paid for a deal that is over goes to suspense', async () => {
  const opened = await givenUp()
  const { ledger, razorpay } = opened
  await ledger.escrows.cancel({ id: 's2' })
  razorpay.pay(opened.gatewayReference)
  await goOn(opened, { hours: 2 })
  const [item, ...others] = await all(ledger.suspense.list())
  expect([item?.amount, others]).toEqual([money('500.00', 'INR'), []])
  const { 'gateway:razorpay:clearing INR': clearing } = await balances(ledger)
  expect(clearing).toBe(rupees(razorpay.balances().clearing))
  await expectClean(ledger)
})

test('an order that was given up is looked at ever more rarely, and then no more', async () => {
  const opened = await givenUp()
  const { ledger, clock } = opened
  const before = looks(opened)
  for (let hour = 0; hour < 20 * 24; hour += 1) {
    await ledger.instructions.dispatch()
    await clock.advance(HOUR)
  }
  expect(looks(opened) - before).toBeGreaterThan(5)
  expect(looks(opened) - before).toBeLessThan(20)
  const { nextAt } = await ledger.orders.get('o2')
  expect(nextAt).toBeNull()
  expect(clock.now()).toBeGreaterThan(15 * DAY)
})
