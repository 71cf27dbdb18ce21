import type { GatewayPayment } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { captured } from '../fixtures/captured-payment.js'
import { deal } from '../fixtures/deals.js'
import { HOUR } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { delivery, scriptedWebhooks } from '../fixtures/scripted-webhooks.js'
import { storages } from '../fixtures/storages.js'

describe.each(storages)('two workers that apply one webhook, on $name', ({ openLedger }) => {
  /** A webhook of a payment, whose looks at the gateway's API wait until the test answers them, one after the other. */
  async function open() {
    const looks: ((payment: GatewayPayment | null) => void)[] = []
    const fetch = () => new Promise<GatewayPayment | null>((resolve) => looks.push(resolve))
    const { gateway, script } = scriptedGateway({}, { webhooks: scriptedWebhooks, payments: { fetch } })
    const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
    await ledger.escrows.open(deal('s'))
    script.send = { outcome: 'accepted', reference: 'order_1', awaits: 'payer' }
    script.ask = { outcome: 'accepted', reference: 'order_1' }
    await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
    await ledger.webhooks.receive(
      delivery({ key: 'paid', subjects: [{ kind: 'payment', reference: 'pay_1', key: null }] }),
    )
    /** Begins to apply it, and comes back when the gateway is asked. */
    const begin = async () => {
      const before = looks.length
      const run = ledger.webhooks.apply()
      await expect.poll(() => looks.length).toBe(before + 1)
      return { run, answer: looks[before] ?? (() => {}) }
    }
    const webhook = () => ledger.webhooks.get('razorpay:paid')
    return { ledger, clock, begin, webhook }
  }

  test('apply it one at a time', async () => {
    const { ledger, begin } = await open()
    const first = await begin()
    expect(await ledger.webhooks.apply()).toMatchObject({ looked: 0 })
    first.answer(captured)
    expect(await first.run).toMatchObject({ byState: { applied: 1 } })
    expect(await balances(ledger)).toMatchObject({ 'escrow:s INR': '1000.00' })
    await expectClean(ledger)
  })

  test('post it once, and keep what the one says that took over', async () => {
    const { ledger, clock, begin, webhook } = await open()
    const slow = await begin()
    clock.now += HOUR
    const quick = await begin()
    quick.answer(captured)
    expect(await quick.run).toMatchObject({ byState: { applied: 1 } })
    slow.answer(captured)
    expect(await slow.run).toMatchObject({ looked: 0, failures: [] })
    expect(await webhook()).toMatchObject({ state: 'applied', nextAt: null })
    expect(await balances(ledger)).toMatchObject({
      'escrow:s INR': '1000.00',
      'gateway:razorpay:clearing INR': '976.40',
    })
    await expectClean(ledger)
  })

  test('lose nothing where the slow one has seen less than the other', async () => {
    const { ledger, clock, begin, webhook } = await open()
    const slow = await begin()
    clock.now += HOUR
    const other = await begin()
    slow.answer({ ...captured, state: 'failed', order: null, orderKey: null })
    expect(await slow.run).toMatchObject({ looked: 0, failures: [] })
    other.answer(null)
    expect(await other.run).toMatchObject({ byState: { waiting: 1 } })
    expect(await webhook()).toMatchObject({ state: 'waiting', nextAt: expect.any(Number) })
    clock.now += HOUR
    const next = await begin()
    next.answer(captured)
    expect(await next.run).toMatchObject({ byState: { applied: 1 } })
    expect(await balances(ledger)).toMatchObject({ 'escrow:s INR': '1000.00' })
  })

  test('look again at one that was replayed while it was being looked at', async () => {
    const { ledger, begin, webhook } = await open()
    const slow = await begin()
    await ledger.webhooks.replay({ id: 'razorpay:paid' })
    slow.answer({ ...captured, state: 'failed', order: null, orderKey: null })
    expect(await slow.run).toMatchObject({ looked: 0, failures: [] })
    expect(await webhook()).toMatchObject({ state: 'received' })
    const again = await begin()
    again.answer(captured)
    expect(await again.run).toMatchObject({ byState: { applied: 1 } })
    expect(await balances(ledger)).toMatchObject({ 'escrow:s INR': '1000.00' })
  })
})
