import type { Gateway, GatewayPayment } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { captured } from '../fixtures/captured-payment.js'
import { deal, fundedDeal, inr, owe } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { delivery, scriptedWebhooks } from '../fixtures/scripted-webhooks.js'
import { storages } from '../fixtures/storages.js'

describe.each(storages)('on $name', ({ openLedger }) => {
  /** A deal with an order, and a gateway whose API knows payments by what the test puts there. */
  async function open(own: Partial<Gateway> = {}) {
    const known = new Map<string, GatewayPayment>()
    const payments = { fetch: async (reference: string) => known.get(reference) ?? null }
    const scripted = scriptedGateway({}, { webhooks: scriptedWebhooks, payments, ...own })
    const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
    const { ledger } = opened
    await ledger.escrows.open(deal('s'))
    scripted.script.send = { outcome: 'accepted', reference: 'order_1', awaits: 'payer' }
    scripted.script.ask = async () => {
      const payments = [...known.values()].filter(({ state }) => state === 'captured')
      return payments.length > 0
        ? { outcome: 'processed', reference: 'order_1', payments }
        : { outcome: 'accepted', reference: 'order_1' }
    }
    const receive = (key: string, reference = 'pay_1') =>
      ledger.webhooks.receive(delivery({ key, subjects: [{ kind: 'payment', reference, key: null }] }))
    const order = () => ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
    return { ...opened, ...scripted, known, receive, order }
  }

  const paid = { 'escrow:s INR': '1000.00', 'gateway:razorpay:clearing INR': '976.40' }

  test.each([
    ['refused', { outcome: 'refused', code: 'FAILED', reason: 'the card is closed' }],
    ['reversed', { outcome: 'reversed', reference: 'rfnd_1', reason: 'the card is closed' }],
  ] as const)('a refund that was processed and is told as %s later is left to people', async (_, said) => {
    const { ledger, script } = await open()
    await fundedDeal(ledger, 't')
    await ledger.escrows.refund({ id: 't', amount: inr('100.00') })
    script.send = { outcome: 'processed', reference: 'rfnd_1' }
    await ledger.instructions.dispatch()
    const before = await balances(ledger)
    script.ask = said
    await ledger.webhooks.receive(
      delivery({ key: 'back', subjects: [{ kind: 'refund', reference: 'rfnd_1', key: null }] }),
    )
    expect(await ledger.webhooks.apply()).toMatchObject({ byState: { dead: 1 } })
    expect(await ledger.webhooks.get('razorpay:back')).toMatchObject({
      state: 'dead',
      reason: expect.stringContaining('the card is closed'),
    })
    const [refund] = await all(ledger.instructions.list({ kind: 'refund' }))
    expect(refund).toMatchObject({ state: 'processed', reason: expect.stringContaining('the card is closed') })
    expect(await balances(ledger)).toEqual(before)
    await expectClean(ledger)
  })

  describe('a payment', () => {
    test('is posted from what the API says, once, however many deliveries tell of it', async () => {
      const { ledger, known, receive, order } = await open()
      await order()
      known.set('pay_1', captured)
      for (const key of ['authorized', 'captured', 'paid']) await receive(key)
      expect(await ledger.webhooks.apply()).toEqual({ looked: 3, byState: { applied: 3 }, failures: [] })
      expect(await balances(ledger)).toMatchObject(paid)
      expect(await ledger.orders.get('o')).toMatchObject({ state: 'processed' })
      await ledger.webhooks.replay({ id: 'razorpay:paid' })
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { applied: 1 }, failures: [] })
      expect(await balances(ledger)).toMatchObject(paid)
      await expectClean(ledger)
    })

    test('that the API does not know moves no money, whatever the event says', async () => {
      const { ledger, receive, order } = await open()
      await order()
      await receive('forged', 'pay_of_nobody')
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { waiting: 1 }, failures: [] })
      expect(await balances(ledger)).toEqual({})
    })

    test('that cannot be asked about says why, without persons', async () => {
      const fetch = async () => {
        throw new Error('no answer to /v1/payments?email=priya%40example.com\u0000')
      }
      const { ledger, receive } = await open({ payments: { fetch } })
      await receive('captured')
      await ledger.webhooks.apply()
      expect(await ledger.webhooks.get('razorpay:captured')).toMatchObject({
        state: 'waiting',
        reason: 'no answer to /v1/payments?email=[redacted]',
      })
    })

    test('for an order that is not known yet is posted when it becomes known', async () => {
      const { ledger, clock, known, receive, order } = await open()
      known.set('pay_1', captured)
      await receive('captured')
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { waiting: 1 }, failures: [] })
      expect(await ledger.webhooks.get('razorpay:captured')).toMatchObject({ state: 'waiting', attempts: 1 })
      await order()
      clock.now += MINUTE
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { applied: 1 }, failures: [] })
      expect(await balances(ledger)).toMatchObject(paid)
    })

    test('that nobody comes to know of is given up after thirty days, and can be replayed', async () => {
      const { ledger, clock, known, receive, order } = await open()
      known.set('pay_1', captured)
      await receive('captured')
      for (let day = 0; day <= 31; day += 1) {
        await ledger.webhooks.apply()
        clock.now += DAY
      }
      expect(await ledger.webhooks.get('razorpay:captured')).toMatchObject({ state: 'dead', nextAt: null })
      await order()
      await ledger.webhooks.replay({ id: 'razorpay:captured' })
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { applied: 1 }, failures: [] })
      expect(await balances(ledger)).toMatchObject(paid)
    })

    test('that contradicts the books is left to people, with the reason', async () => {
      const { ledger, known, receive, order } = await open()
      await order()
      await ledger.escrows.fund({ id: 's', amount: inr('999.00'), gateway: 'razorpay', reference: 'pay_1' })
      known.set('pay_1', captured)
      await receive('captured')
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { dead: 1 }, failures: [] })
      const { reason } = await ledger.webhooks.get('razorpay:captured')
      expect(reason).toMatch(/^payment_mismatch: /)
    })

    test('of which the gateway does not answer is asked about again later', async () => {
      const failing = { fetch: () => Promise.reject(new Error('503')) }
      const { ledger, receive, order } = await open({ payments: failing })
      await order()
      await receive('captured')
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { waiting: 1 }, failures: [] })
      expect(await ledger.webhooks.get('razorpay:captured')).toMatchObject({ reason: '503' })
    })

    test('is not taken for that of an order whose key only the event names', async () => {
      const { ledger, known, order } = await open()
      const { gatewayKey } = await order()
      known.set('pay_1', { ...captured, order: 'order_of_somebody_else' })
      const subjects = [{ kind: 'payment', reference: 'pay_1', key: gatewayKey }] as const
      await ledger.webhooks.receive(delivery({ key: 'captured', subjects }))
      expect(await ledger.webhooks.apply()).toMatchObject({ byState: { waiting: 1 } })
      expect(await balances(ledger)).toEqual({})
    })

    test('that the adapter cannot read is told, and keeps no other event waiting', async () => {
      const fetch = async (reference: string) =>
        reference === 'bad' ? (undefined as never) : { ...captured, reference }
      const { ledger, clock, receive, order } = await open({ payments: { fetch } })
      await order()
      await receive('first', 'bad')
      clock.now += 1
      await receive('second', 'pay_2')
      const run = await ledger.webhooks.apply({ concurrency: 1 })
      expect(run).toMatchObject({
        looked: 1,
        byState: { applied: 1 },
        failures: [{ id: 'razorpay:first', code: null }],
      })
      expect(await balances(ledger)).toMatchObject(paid)
    })
  })

  describe('an event about an instruction', () => {
    async function paying() {
      const opened = await open()
      const { ledger, script } = opened
      await owe(ledger, 'priya', inr('600.00'))
      script.send = { outcome: 'accepted', reference: 'pout_1' }
      await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
      await ledger.instructions.dispatch()
      const tell = (key: string) =>
        ledger.webhooks.receive(delivery({ key, subjects: [{ kind: 'payout', reference: 'pout_1', key: null }] }))
      return { ...opened, tell }
    }

    test('has the gateway asked about it before it is due', async () => {
      const { ledger, script, tell } = await paying()
      script.ask = { outcome: 'processed', reference: 'pout_1', fee: { fee: inr('5.90'), tax: inr('0.90') } }
      await tell('processed')
      expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { applied: 1 }, failures: [] })
      expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:clearing INR': '-605.90' })
      await expectClean(ledger)
    })

    test('that is out of order changes nothing', async () => {
      const { ledger, script, tell } = await paying()
      script.ask = { outcome: 'reversed', reference: 'pout_1', reason: 'account closed' }
      await tell('reversed')
      await tell('processed')
      await ledger.webhooks.apply()
      expect(await ledger.payouts.get('p')).toMatchObject({ state: 'failed', reason: 'account closed' })
      expect(await balances(ledger)).toMatchObject({ 'payee:priya:payable INR': '600.00' })
      await expectClean(ledger)
    })

    test('that came back after it was processed is found out by the event', async () => {
      const { ledger, clock, script, tell } = await paying()
      script.ask = { outcome: 'processed', reference: 'pout_1' }
      clock.now += HOUR
      await ledger.instructions.dispatch()
      script.ask = { outcome: 'reversed', reference: 'pout_1', reason: 'account closed' }
      await tell('reversed')
      await ledger.webhooks.apply()
      expect(await ledger.payouts.get('p')).toMatchObject({ state: 'reversed' })
      await expectClean(ledger)
    })

    test('whose money is owed again in the books is told apart, where the gateway says that it was sent', async () => {
      const { ledger, script, tell } = await paying()
      await ledger.instructions.resolve({ id: 'payout:p', failed: { reason: 'looks as if it never left' } })
      script.ask = { outcome: 'processed', reference: 'pout_1' }
      await tell('processed')
      expect(await ledger.webhooks.apply()).toMatchObject({ byState: { dead: 1 } })
      const { reason } = await ledger.webhooks.get('razorpay:processed')
      expect(reason).toBe('razorpay says processed of payout:p, which is failed in the books')
      script.ask = { outcome: 'unknown', reason: '503' }
      await ledger.webhooks.replay({ id: 'razorpay:processed' })
      expect(await ledger.webhooks.apply()).toMatchObject({ byState: { waiting: 1 } })
    })

    test('is found among those of other gateways by the same reference', async () => {
      const { gateway, script } = scriptedGateway({}, { webhooks: scriptedWebhooks })
      const { ledger } = await openLedger({ gateways: { razorpay: gateway, other: gateway } })
      await owe(ledger, 'priya', inr('100.00'))
      script.send = { outcome: 'accepted', reference: 'batch-1' }
      const pay = (id: string, by: string) =>
        ledger.payouts.request({ id, payee: 'priya', amount: inr('1.00'), gateway: by })
      for (let each = 0; each < 10; each += 1) await pay(`a${each}`, 'other')
      await pay('z', 'razorpay')
      await ledger.instructions.dispatch()
      script.ask = { outcome: 'processed', reference: 'batch-1' }
      const subjects = [{ kind: 'payout', reference: 'batch-1', key: null }] as const
      await ledger.webhooks.receive(delivery({ key: 'k', subjects }))
      await ledger.webhooks.apply()
      expect(await ledger.payouts.get('z')).toMatchObject({ state: 'processed' })
      expect(await ledger.payouts.get('a0')).toMatchObject({ state: 'accepted' })
    })

    test('is applied once by many who look at the same time', async () => {
      const { ledger, script, tell } = await paying()
      script.ask = { outcome: 'processed', reference: 'pout_1' }
      for (const key of ['a', 'b', 'c', 'd']) await tell(key)
      const runs = await Promise.all([1, 2, 3, 4].map(() => ledger.webhooks.apply()))
      expect(runs.reduce((sum, { looked }) => sum + looked, 0)).toBe(4)
      expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
      await expectClean(ledger)
    })
  })

  test('a dispute is kept for people to look at', async () => {
    const { ledger } = await open()
    const subjects = [{ kind: 'dispute', reference: 'disp_1', key: null }] as const
    await ledger.webhooks.receive(delivery({ key: 'd', type: 'payment.dispute.created', subjects }))
    expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { ignored: 1 }, failures: [] })
    expect(await ledger.webhooks.get('razorpay:d')).toMatchObject({ reason: expect.stringContaining('disp_1') })
  })
})
