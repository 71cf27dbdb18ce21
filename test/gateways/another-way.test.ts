import { money } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { HOUR } from '../fixtures/open-ledger.js'
import { openDeal } from './open-deal.js'

const inr = (amount: string) => money(amount, 'INR')

test('a refund that is sent another way leaves from RazorpayX, in the books as at Razorpay', async () => {
  const { ledger, gateway, razorpay, clock, destinations } = await openDeal()
  await ledger.orders.refresh('o1')
  await ledger.escrows.refund({ id: 's1', amount: inr('200.00') })
  await ledger.instructions.dispatch()
  const { items } = await ledger.instructions.list({ kind: 'refund' }).page({ limit: 1 })
  razorpay.failRefund(items[0]?.gatewayReference ?? '')
  await clock.advance(HOUR)
  await ledger.instructions.dispatch()

  const contact = await gateway.fundAccounts.createContact({ payee: 'c1', name: 'Chen' })
  const account = await gateway.fundAccounts.create(contact.reference, { vpa: 'chen@exampleupi' })
  destinations.set('refund c1', account.reference)
  razorpay.topUp(30_000n)
  await ledger.movements.toppedUp({ gateway: 'razorpay', bank: 'hdfc', reference: 'top-up-1', amount: inr('300.00') })
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
