import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { goOn, openDeal, rupees } from './open-deal.js'

const inr = (amount: string) => money(amount, 'INR')
const DAY = 86_400_000

/** The deal, settled a day after its session. */
async function settledDeal() {
  const opened = await openDeal()
  const { ledger, clock } = opened
  await ledger.orders.refresh('o1')
  await ledger.escrows.complete({ id: 's1', measures: { satisfaction: 2 } })
  await clock.advance(DAY)
  expect(await ledger.settlements.run()).toMatchObject({ settled: 1 })
  return opened
}

describe('one deal through Razorpay, with the gateway', () => {
  test('ends with the same money in the books and at Razorpay, paid out by RazorpayX', async () => {
    const opened = await settledDeal()
    const { ledger, razorpay, gateway, destinations } = opened
    await ledger.journal.post({
      postings: [
        { account: 'gateway:razorpay:payouts', debit: inr('700.00') },
        { account: 'bank:hdfc', credit: inr('700.00') },
      ],
    })
    razorpay.topUp(70_000n)
    await ledger.payouts.request({ id: 'po-7', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' })
    await goOn(opened)
    expect(await ledger.payouts.get('po-7')).toMatchObject({ state: 'waiting' })

    const contact = await gateway.fundAccounts.createContact({ payee: 'p1', name: 'Priya' })
    const account = await gateway.fundAccounts.create(contact.reference, { vpa: 'priya@exampleupi' })
    destinations.set('payout p1', account.reference)
    await goOn(opened, { hours: 6 })
    expect(await ledger.payouts.get('po-7')).toMatchObject({ state: 'processed', destination: account.reference })
    expect(await balances(ledger)).toEqual({
      ...{ 'gateway:razorpay:clearing INR': '776.40', 'gateway:razorpay:payouts INR': '94.10' },
      ...{ 'gateway:razorpay:fees INR': '25.00', 'gateway:razorpay:fee-tax INR': '4.50' },
      ...{ 'platform:fees INR': '200.00', 'bank:hdfc INR': '-700.00' },
    })
    const held = razorpay.balances()
    expect([rupees(held.clearing), rupees(held.payouts)]).toEqual(['776.40', '94.10'])
    await expectClean(ledger)
  })

  test('ends so by Route, where the refund waits for what is taken back', async () => {
    const opened = await openDeal()
    const { ledger, razorpay, gateway, clock, destinations, paymentId } = opened
    const details = { account: { profile: { category: 'education', subcategory: 'coaching' } } }
    const payee = {
      payee: 'p1',
      name: 'Priya',
      email: 'priya@example.com',
      phone: '9000090000',
      country: 'IN',
      details,
    }
    const context = { signal: new AbortController().signal, now: clock.now, record: () => {} }
    const { reference: linked } = await gateway.payees.onboard(payee, context)
    destinations.set('transfer p1', linked)
    await ledger.orders.refresh('o1')
    const transfer = {
      id: 't1',
      payee: 'p1',
      amount: inr('800.00'),
      gateway: 'razorpay',
      payment: paymentId,
      escrow: 's1',
    }
    await ledger.transfers.create(transfer)
    await goOn(opened, { hours: 1 })
    // The account is not activated yet.
    expect(await ledger.transfers.get('t1')).toMatchObject({ state: 'waiting' })
    razorpay.activateAccount(linked)
    await goOn(opened, { hours: 3 })
    expect(await ledger.transfers.get('t1')).toMatchObject({ state: 'processed' })

    await ledger.escrows.complete({ id: 's1', measures: { satisfaction: 2 } })
    await clock.advance(DAY)
    await ledger.settlements.run()
    await goOn(opened, { hours: 1 })
    const [refund] = await all(ledger.instructions.list({ escrow: 's1', kind: 'refund' }))
    expect(refund).toMatchObject({ state: 'waiting', reason: expect.stringContaining('enough balance') })

    await ledger.transfers.reverse({ id: 'r1', transfer: 't1', amount: inr('200.00') })
    await goOn(opened, { hours: 1 })
    await ledger.transfers.release({ id: 't1' })
    await goOn(opened, { hours: 6 })
    expect(await ledger.instructions.get('release:t1')).toMatchObject({ state: 'accepted' })
    razorpay.settle(linked)
    await goOn(opened, { hours: 6 })
    expect(await balances(ledger)).toEqual({
      ...{ 'gateway:razorpay:clearing INR': '174.04', 'platform:fees INR': '200.00' },
      ...{ 'gateway:razorpay:fees INR': '22.00', 'gateway:razorpay:fee-tax INR': '3.96' },
    })
    const held = razorpay.balances()
    expect([rupees(held.clearing), rupees(held.linked[linked])]).toEqual(['174.04', '0.00'])
    await expectClean(ledger)
  })

  test('is told the same by webhooks, in any order and more than once', async () => {
    const { ledger, sandbox } = await openDeal()
    const deliveries = sandbox.webhooks.all().reverse()
    for (const delivery of [...deliveries, ...deliveries]) {
      const rawBody = Buffer.from(delivery.rawBody)
      await ledger.webhooks.receive({ gateway: 'razorpay', headers: delivery.headers(), rawBody })
    }
    await ledger.webhooks.apply()
    expect(await ledger.orders.get('o1')).toMatchObject({ state: 'processed' })
    expect(await balances(ledger)).toEqual({
      ...{ 'gateway:razorpay:clearing INR': '976.40', 'escrow:s1 INR': '1000.00' },
      ...{ 'gateway:razorpay:fees INR': '20.00', 'gateway:razorpay:fee-tax INR': '3.60' },
    })
    expect((await all(ledger.webhooks.list())).map(({ state }) => state)).toEqual(deliveries.map(() => 'applied'))
  })

  test('survives answers that get lost at every step', async () => {
    const opened = await openDeal()
    const { ledger, razorpay, sandbox } = opened
    await ledger.orders.refresh('o1')
    await ledger.escrows.complete({ id: 's1', measures: { satisfaction: 2 } })
    await opened.clock.advance(DAY)
    await ledger.settlements.run()
    for (const operation of ['createRefund', 'listPaymentRefunds', 'fetchRefund']) {
      sandbox.faults.plan({ gateway: 'razorpay', operation, fault: { kind: 'resetAfter' }, times: 2 })
    }
    await goOn(opened, { hours: 8 })
    const [refund] = await all(ledger.instructions.list({ escrow: 's1', kind: 'refund' }))
    expect(refund).toMatchObject({ state: 'processed' })
    expect(rupees(razorpay.balances().clearing)).toBe('776.40')
    expect((await balances(ledger))['gateway:razorpay:clearing INR']).toBe('776.40')
    await expectClean(ledger)
  })
})

test('a refund that failed goes to the payer by RazorpayX, out of the balance of payouts', async () => {
  const opened = await settledDeal()
  const { ledger, razorpay, gateway, destinations } = opened
  await ledger.instructions.dispatch()
  const [refund] = await all(ledger.instructions.list({ escrow: 's1', kind: 'refund' }))
  razorpay.failRefund(refund?.gatewayReference ?? '')
  await goOn(opened)
  expect(await ledger.instructions.get(refund?.id ?? '')).toMatchObject({ state: 'failed' })

  const contact = await gateway.fundAccounts.createContact({ payee: 'c1', name: 'Chen' })
  const account = await gateway.fundAccounts.create(contact.reference, { vpa: 'chen@exampleupi' })
  destinations.set('refund c1', account.reference)
  razorpay.topUp(30_000n)
  const { instruction } = await ledger.instructions.resend({ id: refund?.id ?? '', gateway: 'razorpay' })
  await goOn(opened)
  expect(await ledger.instructions.get(instruction)).toMatchObject({ state: 'processed' })
  const books = await balances(ledger)
  expect(books['gateway:razorpay:clearing INR']).toBe(rupees(razorpay.balances().clearing))
  expect(books['gateway:razorpay:payouts INR']).toBe('-205.90')
  expect(rupees(razorpay.balances().payouts)).toBe('94.10')
  await expectClean(ledger)
})
