import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, money } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { coaching } from '../fixtures/sample-terms.js'
import { openGateway } from './open-gateway.js'

const inr = (amount: string) => money(amount, 'INR')
const HOUR = 3_600_000

test('a refund that is sent another way leaves from RazorpayX, in the books as at Razorpay', async () => {
  const fundAccounts = new Map<string, string>()
  const destinationOf = async (party: string) => fundAccounts.get(party) ?? null
  const { gateway, razorpay, clock, fundAccount } = await openGateway({ destinationOf })
  const storage = createSqliteStorage({ filename: ':memory:' })
  const ledger = createLedger({ storage, gateways: { razorpay: gateway }, runtime: { now: clock.now } })
  onTestFinished(() => ledger.close())
  await ledger.migrate()

  await ledger.escrows.open({
    id: 's',
    payer: 'chen',
    parties: { coach: 'priya' },
    amount: inr('1000.00'),
    terms: coaching,
  })
  const order = await ledger.orders.create({ id: 's', escrow: 's', gateway: 'razorpay' })
  razorpay.pay(order.gatewayReference ?? '')
  await ledger.orders.refresh('s')
  await ledger.escrows.refund({ id: 's', amount: inr('200.00') })
  await ledger.instructions.dispatch()
  const { items } = await ledger.instructions.list({ kind: 'refund' }).page({ limit: 1 })
  razorpay.failRefund(items[0]?.gatewayReference ?? '')
  await clock.advance(HOUR)
  await ledger.instructions.dispatch()

  fundAccounts.set('chen', await fundAccount('chen'))
  razorpay.topUp(30_000n)
  const postings = [
    { account: 'gateway:razorpay:payouts', debit: inr('300.00') },
    { account: 'bank:hdfc', credit: inr('300.00') },
  ]
  await ledger.journal.post({ postings })
  const { instruction } = await ledger.instructions.resend({ id: items[0]?.id ?? '', gateway: 'razorpay' })
  await ledger.instructions.dispatch()
  await clock.advance(HOUR)
  await ledger.instructions.dispatch()

  expect(await ledger.instructions.get(instruction)).toMatchObject({ state: 'processed', payment: null })
  expect(razorpay.balances()).toMatchObject({ clearing: 97_640n, payouts: 9_410n })
  expect(await balances(ledger)).toMatchObject({
    'gateway:razorpay:clearing INR': '976.40',
    'gateway:razorpay:payouts INR': '94.10',
  })
  await expectClean(ledger)
})
