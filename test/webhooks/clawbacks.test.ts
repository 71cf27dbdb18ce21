import type { CallOutcome, Gateway, GatewayClawback, Subject } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { fundedDeal, inr, paymentOf } from '../fixtures/deals.js'
import { HOUR, MINUTE } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { delivery, scriptedWebhooks } from '../fixtures/scripted-webhooks.js'
import { storages } from '../fixtures/storages.js'

const refund = (more: Partial<GatewayClawback> = {}): GatewayClawback => ({
  kind: 'refund',
  reference: 'rfnd_1',
  payment: paymentOf('s').reference,
  key: null,
  taken: inr('100.00'),
  final: true,
  fee: null,
  at: 0,
  ...more,
})

const dispute = (taken: string, final: boolean) =>
  refund({ kind: 'dispute', reference: 'disp_1', taken: inr(taken), final })

describe.each(storages)('on $name', ({ openLedger }) => {
  /** A funded deal, and a gateway whose API knows refunds and disputes by what the test puts there. */
  async function open(own: Partial<Gateway> = {}) {
    const known = new Map<string, GatewayClawback>()
    const clawbacks: Gateway['clawbacks'] = {
      fetch: async ({ reference }) => known.get(reference) ?? null,
      async *list() {
        for (const { kind, reference, key } of known.values()) yield { kind, reference, key }
      },
    }
    const scripted = scriptedGateway({}, { webhooks: scriptedWebhooks, clawbacks, ...own })
    const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
    const { ledger, clock } = opened
    await fundedDeal(ledger, 's')
    const tell = async (key: string, subject: Partial<Subject> = {}) => {
      const subjects = [{ kind: 'refund', reference: 'rfnd_1', key: null, ...subject }] as const
      await ledger.webhooks.receive(delivery({ key, subjects }))
      return (await ledger.webhooks.apply()).byState
    }
    const later = async (ms = MINUTE) => {
      clock.now += ms
      return (await ledger.webhooks.apply()).byState
    }
    return { ...opened, ...scripted, known, tell, later }
  }

  describe('a refund that was made at the gateway by hand', () => {
    test('is taken from the one escrow that holds its money, once, whoever tells it', async () => {
      const { ledger, known, tell } = await open()
      known.set('rfnd_1', refund())
      for (const key of ['created', 'processed']) expect(await tell(key)).toEqual({ applied: 1 })
      await ledger.webhooks.replay({ id: 'razorpay:created' })
      expect((await ledger.webhooks.apply()).byState).toEqual({ applied: 1 })
      expect(await ledger.clawbacks.poll()).toMatchObject({ told: 0, posted: 0 })
      expect(await balances(ledger)).toEqual({ 'escrow:s INR': '900.00', 'gateway:razorpay:clearing INR': '900.00' })
      expect(await ledger.escrows.get('s')).toMatchObject({ held: inr('900.00'), refunded: inr('100.00') })
      expect(await ledger.payments.get(paymentOf('s'))).toMatchObject({ refunded: inr('100.00') })
      expect(await all(ledger.clawbacks.list())).toMatchObject([
        { kind: 'refund', reference: 'rfnd_1', taken: inr('100.00'), state: 'closed', escrow: 's', suspense: null },
      ])
      await expectClean(ledger)
    })

    test('of a payment that was never captured takes nothing, and nobody waits for that payment', async () => {
      const payment = { reference: 'pay_never', order: null, orderKey: null, amount: inr('100.00'), at: 0 }
      const failed = { ...payment, state: 'failed', received: null, fee: null, refunded: inr('100.00') } as const
      const payments = { fetch: async (reference: string) => (reference === 'pay_never' ? failed : null) }
      const { ledger, known, tell } = await open({ payments })
      const before = await balances(ledger)
      known.set('rfnd_1', refund({ payment: 'pay_never' }))
      expect(await tell('processed')).toEqual({ ignored: 1 })
      expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 0, contradicted: [] })
      expect(await balances(ledger)).toEqual(before)
      expect(await all(ledger.clawbacks.list())).toEqual([])
      known.set('rfnd_1', refund({ payment: 'pay_elsewhere' }))
      expect(await tell('again')).toEqual({ waiting: 1 })
    })

    test('is missing in suspense where its escrow does not hold as much, and caps what we refund', async () => {
      const { ledger, known, tell } = await open()
      await ledger.escrows.dispute({ id: 's', amount: inr('950.00') })
      known.set('rfnd_1', refund())
      expect(await tell('processed')).toEqual({ applied: 1 })
      expect(await balances(ledger)).toMatchObject({
        'suspense:razorpay INR': '-100.00',
        'gateway:razorpay:clearing INR': '900.00',
      })
      const [item] = await all(ledger.suspense.list())
      expect(item).toMatchObject({ amount: inr('-100.00'), reason: 'refunded_at_gateway', escrow: 's' })
      await ledger.escrows.resolve({ id: 's', outcome: 'payee' })
      await expect(ledger.escrows.refund({ id: 's' })).rejects.toMatchObject({
        code: 'refund_exceeds_payment',
        available: inr('900.00'),
      })
      await ledger.escrows.refund({ id: 's', amount: inr('900.00') })
      await ledger.suspense.resolve({ id: item?.id ?? '', writeOff: { reason: 'Refunded twice.' } })
      expect(await balances(ledger)).toMatchObject({ 'platform:losses INR': '100.00' })
      await expectClean(ledger)
    })

    test('is taken from what is in suspense of a payment that no escrow has', async () => {
      const { ledger, known, tell } = await open()
      await ledger.escrows.fund({ id: 'nobody', amount: inr('300.00'), ...paymentOf('stray') })
      known.set('rfnd_1', refund({ payment: paymentOf('stray').reference }))
      expect(await tell('processed')).toEqual({ applied: 1 })
      expect(await all(ledger.suspense.list())).toMatchObject([
        { remaining: inr('200.00'), reason: 'escrow_not_found' },
      ])
      await expectClean(ledger)
    })

    test('takes nothing while it is on its way, nor when it failed', async () => {
      const { ledger, known, tell } = await open()
      known.set('rfnd_1', refund({ taken: inr('0.00'), final: false }))
      expect(await tell('created')).toEqual({ applied: 1 })
      expect(await all(ledger.clawbacks.list())).toMatchObject([{ state: 'open', taken: inr('0.00') }])
      known.set('rfnd_1', refund({ taken: inr('0.00') }))
      expect(await ledger.clawbacks.poll({ gateway: 'razorpay' })).toMatchObject({ told: 1, posted: 1 })
      expect(await all(ledger.clawbacks.list())).toMatchObject([{ state: 'closed', taken: inr('0.00') }])
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:clearing INR': '1000.00' })
    })

    test('of a payment that is not known waits until it is', async () => {
      const { ledger, known, tell, later } = await open()
      expect(await tell('unknown')).toEqual({ waiting: 1 })
      known.set('rfnd_1', refund({ payment: paymentOf('t').reference }))
      expect(await later()).toEqual({ waiting: 1 })
      expect((await ledger.webhooks.get('razorpay:unknown')).reason).toContain('not known here yet')
      await fundedDeal(ledger, 't')
      expect(await later(HOUR)).toEqual({ applied: 1 })
      expect(await balances(ledger)).toMatchObject({ 'escrow:t INR': '900.00' })
    })

    test('is told apart from one of ours, whose webhook comes before its answer', async () => {
      const { ledger, known, script, tell, later } = await open()
      await ledger.escrows.refund({ id: 's', amount: inr('100.00') })
      const [ours] = await all(ledger.instructions.list())
      const key = ours?.gatewayKey ?? null
      const lost: CallOutcome = { outcome: 'unknown', reason: 'reset' }
      script.send = async () => {
        known.set('rfnd_1', refund({ key }))
        expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 0 })
        expect(await tell('early')).toEqual({ waiting: 1 })
        return lost
      }
      await ledger.instructions.dispatch()
      script.send = { outcome: 'processed', reference: 'rfnd_1' }
      expect(await later(HOUR / 2)).toEqual({ applied: 1 })
      expect(await ledger.clawbacks.poll()).toMatchObject({ told: 0 })
      expect(await all(ledger.clawbacks.list())).toEqual([])
      expect(await balances(ledger)).toEqual({ 'escrow:s INR': '900.00', 'gateway:razorpay:clearing INR': '900.00' })
    })

    test('is not taken for ours because an event bears the key of one of ours', async () => {
      const { ledger, known, tell } = await open()
      await ledger.escrows.refund({ id: 's', amount: inr('200.00') })
      const [ours] = await all(ledger.instructions.list())
      known.set('rfnd_1', refund())
      expect(await tell('forged', { key: ours?.gatewayKey ?? null })).toEqual({ applied: 1 })
      expect(await all(ledger.clawbacks.list())).toMatchObject([{ reference: 'rfnd_1', taken: inr('100.00') }])
    })
  })

  describe('a dispute', () => {
    test('that took money and was won is in suspense in between', async () => {
      const { ledger, known, tell } = await open()
      const about = { kind: 'dispute', reference: 'disp_1' } as const
      known.set('disp_1', dispute('250.00', false))
      expect(await tell('created', about)).toEqual({ applied: 1 })
      expect(await all(ledger.suspense.list())).toMatchObject([
        { id: 'dispute:razorpay:disp_1', amount: inr('-250.00'), reason: 'charged_back' },
      ])
      expect(await ledger.payments.get(paymentOf('s'))).toMatchObject({ chargedBack: inr('250.00') })
      known.set('disp_1', dispute('0.00', true))
      expect(await tell('won', about)).toEqual({ applied: 1 })
      expect(await all(ledger.suspense.list())).toEqual([])
      expect(await balances(ledger)).toEqual({ 'escrow:s INR': '1000.00', 'gateway:razorpay:clearing INR': '1000.00' })
      await expectClean(ledger)
    })

    test('that gives back what was written off leaves that in suspense', async () => {
      const { ledger } = await open()
      const about = {
        kind: 'dispute',
        gateway: 'razorpay',
        reference: 'disp_1',
        payment: paymentOf('s').reference,
      } as const
      const lost = await ledger.clawbacks.record({ ...about, taken: inr('250.00') })
      await ledger.suspense.resolve({ id: lost.excess?.suspense ?? '', writeOff: { reason: 'Lost.' } })
      await ledger.clawbacks.record({ ...about, taken: inr('100.00') })
      expect(await all(ledger.suspense.list())).toMatchObject([{ amount: inr('150.00'), reason: 'already_resolved' }])
      await expectClean(ledger)
    })

    test('that took ever more and was won leaves nothing in suspense', async () => {
      const { ledger } = await open()
      const { payment } = dispute('0.00', false)
      const tell = (taken: string) =>
        ledger.clawbacks.record({
          ...{ kind: 'dispute', gateway: 'razorpay', reference: 'disp_1', payment, taken: inr(taken), final: false },
        })
      for (const taken of ['50.00', '100.00', '120.00']) await tell(taken)
      expect((await all(ledger.suspense.list())).map(({ remaining }) => remaining)).toEqual(
        expect.arrayContaining([inr('-50.00'), inr('-50.00'), inr('-20.00')]),
      )
      await tell('60.00')
      expect(await all(ledger.suspense.list())).toHaveLength(2)
      await expectClean(ledger)
      await tell('0.00')
      expect(await all(ledger.suspense.list())).toEqual([])
      await tell('10.00')
      expect(await all(ledger.suspense.list())).toMatchObject([{ remaining: inr('-10.00'), reason: 'charged_back' }])
      await expectClean(ledger)
    })

    test('has its fee charged, and is not undone by what was read before', async () => {
      const { ledger, known, tell } = await open()
      const about = { kind: 'dispute', reference: 'disp_1' } as const
      known.set('disp_1', { ...dispute('250.00', true), fee: { fee: inr('15.00'), tax: inr('0.00') } })
      await tell('lost', about)
      known.set('disp_1', dispute('0.00', false))
      expect(await tell('late', about)).toEqual({ applied: 1 })
      expect(await balances(ledger)).toMatchObject({
        'gateway:razorpay:clearing INR': '735.00',
        'gateway:razorpay:fees INR': '15.00',
        'suspense:razorpay INR': '-250.00',
      })
      await expectClean(ledger)
    })
  })

  test('a dispute whose fee grows is charged the rest of it, and takes what it takes', async () => {
    const { ledger, known } = await open()
    const fees = (fee: string) => ({ fee: { fee: inr(fee), tax: inr('0.00') } })
    known.set('disp_1', { ...dispute('0.00', false), ...fees('15.00') })
    expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 1 })
    for (const fee of ['35.00', '40.00', '40.00']) {
      known.set('disp_1', { ...dispute('250.00', false), ...fees(fee) })
      expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 1, contradicted: [] })
    }
    known.set('disp_1', { ...dispute('250.00', true), ...fees('40.00') })
    expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 1, contradicted: [] })
    expect(await balances(ledger)).toMatchObject({
      'gateway:razorpay:clearing INR': '710.00',
      'gateway:razorpay:fees INR': '40.00',
      'suspense:razorpay INR': '-250.00',
    })
    await expectClean(ledger)
  })

  test('a dispute that is open is asked about by a poll, though its gateway lists nothing', async () => {
    let lists = true
    const known = new Map<string, GatewayClawback>()
    const clawbacks: Gateway['clawbacks'] = {
      fetch: async ({ reference }) => known.get(reference) ?? null,
      async *list() {
        if (!lists) throw new Error('NOT_AUTHORIZED')
        yield { kind: 'dispute', reference: 'disp_1', key: null }
      },
    }
    const { ledger } = await open({ clawbacks })
    known.set('disp_1', dispute('250.00', false))
    expect(await ledger.clawbacks.poll()).toMatchObject({ told: 1, posted: 1, unanswered: [] })
    lists = false
    known.set('disp_1', dispute('0.00', true))
    expect(await ledger.clawbacks.poll()).toMatchObject({ told: 1, posted: 1, unanswered: [{ gateway: 'razorpay' }] })
    expect(await all(ledger.suspense.list())).toEqual([])
    await expectClean(ledger)
  })

  test('more disputes than stand on one page are all asked about by a poll', async () => {
    const { ledger, known } = await open()
    const { payment } = dispute('0.00', false)
    const references = Array.from({ length: 1_002 }, (_, index) => `disp_${index}`)
    await Promise.all(
      references.map((reference) =>
        ledger.clawbacks.record({
          ...{ kind: 'dispute', gateway: 'razorpay', reference, payment, taken: inr('0.00'), final: false },
        }),
      ),
    )
    expect(await ledger.clawbacks.poll()).toMatchObject({ told: 1_002 })
    expect(known.size).toBe(0)
    await expectClean(ledger)
  })

  test('what contradicts the books, or is malformed, is refused and changes nothing', async () => {
    const { ledger } = await open()
    await fundedDeal(ledger, 't')
    const fact = {
      kind: 'refund',
      gateway: 'razorpay',
      reference: 'rfnd_1',
      payment: 'pay-s',
      taken: inr('1.00'),
    } as const
    await ledger.clawbacks.record(fact)
    expect(await ledger.clawbacks.record(fact)).toMatchObject({ replayed: true, taken: inr('1.00') })
    const before = await balances(ledger)
    const refused = (more: object) => ledger.clawbacks.record({ ...fact, ...more })
    await expect(refused({ payment: 'pay-t' })).rejects.toMatchObject({ code: 'payment_mismatch' })
    await expect(refused({ payment: 'nobody', reference: 'r2' })).rejects.toMatchObject({ code: 'payment_not_found' })
    await expect(refused({ taken: inr('-1.00') })).rejects.toMatchObject({ code: 'invalid_input' })
    for (const nothing of [undefined, null, 'rfnd_1']) {
      await expect(ledger.clawbacks.record(nothing as never)).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect(await balances(ledger)).toEqual(before)
  })
})
