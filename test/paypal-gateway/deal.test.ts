import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal } from '../fixtures/deals.js'
import { HOUR } from '../fixtures/open-ledger.js'
import { open } from './open-paypal.js'
import { passingFaults } from './passing-faults.js'

const usd = (amount: string) => money(amount, 'USD')

/** Takes a deal from its order to the payee's account, with whatever goes wrong on the way. */
async function life({ ledger, sandbox, pass, carryOn }: Awaited<ReturnType<typeof open>>) {
  await ledger.escrows.open(deal('s', usd('100.00')))
  const order = await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'paypal' })
  if (order.gatewayReference === null) await carryOn()
  const { gatewayReference } = await ledger.orders.get('o')
  sandbox.paypal.approve(gatewayReference ?? '')
  await carryOn()
  await ledger.escrows.complete({ id: 's' })
  await pass(24 * HOUR)
  await ledger.settlements.run()
  await ledger.payouts.request({ id: 'p', payee: 'priya', amount: usd('60.00'), gateway: 'paypal' })
  await carryOn()
  await carryOn()
}

describe('a deal through PayPal', () => {
  test('leaves in the books what it leaves in the account', async () => {
    const opened = await open()
    await life(opened)
    const { ledger, held } = opened
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
    const books = await balances(ledger)
    expect(books).toMatchObject({ 'gateway:paypal:fees USD': '5.18' })
    expect(money(books['gateway:paypal:clearing USD'] ?? '', 'USD').minor).toBe(held())
    await expectClean(ledger)
  })

  const operations = ['createOrder', 'getOrder', 'captureOrder', 'createPayout', 'getPayout', 'getToken']
  test.each(passingFaults)('does so whatever happens on the way: %j', async (fault) => {
    const opened = await open()
    for (const operation of operations) opened.sandbox.faults.plan({ gateway: 'paypal', operation, fault })
    await life(opened)
    expect(opened.sandbox.faults.pending()).toEqual([])
    expect(await balances(opened.ledger)).toMatchObject({ 'gateway:paypal:fees USD': '5.18' })
    expect(opened.sandbox.paypal.balances()).toMatchObject({
      'outside:payers': { USD: -10_000n },
      'outside:receivers': { USD: 6_000n },
    })
    const books = await balances(opened.ledger)
    expect(money(books['gateway:paypal:clearing USD'] ?? '', 'USD').minor).toBe(opened.held())
    await expectClean(opened.ledger)
  })

  test('is posted by webhooks alone, newest first and each of them twice', async () => {
    const { ledger, sandbox, pass, held } = await open()
    const receiveAll = async () => {
      const told = sandbox.webhooks
        .all()
        .map((each) => ({ headers: each.headers(), rawBody: Buffer.from(each.rawBody) }))
      for (const delivery of [...told, ...told].reverse()) {
        await ledger.webhooks.receive({ gateway: 'paypal', ...delivery })
      }
      // Several are about one payout, and of those that are looked at together only one gets hold of it.
      return ledger.webhooks.apply({ concurrency: 1 })
    }
    await ledger.escrows.open(deal('s', usd('100.00')))
    const { gatewayReference } = await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'paypal' })
    sandbox.paypal.approve(gatewayReference ?? '')
    expect(await receiveAll()).toMatchObject({ byState: { applied: 1 } })
    expect(await receiveAll()).toMatchObject({ byState: { applied: 1 } })
    expect(await ledger.escrows.get('s')).toMatchObject({ status: 'funded' })
    await ledger.escrows.complete({ id: 's' })
    await pass(24 * HOUR)
    await ledger.settlements.run()
    await ledger.payouts.request({ id: 'p', payee: 'priya', amount: usd('60.00'), gateway: 'paypal' })
    await ledger.instructions.dispatch()
    await pass(HOUR)
    expect(await receiveAll()).toMatchObject({ byState: { applied: 3 } })
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
    const books = await balances(ledger)
    expect(money(books['gateway:paypal:clearing USD'] ?? '', 'USD').minor).toBe(held())
    await expectClean(ledger)
  })
})
