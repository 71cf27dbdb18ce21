import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { captured } from '../fixtures/captured-payment.js'
import { deal, fundedDeal, inr } from '../fixtures/deals.js'
import { HOUR, MINUTE, openLedger } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { coaching } from '../fixtures/sample-terms.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

async function openDeal(...given: Parameters<typeof scriptedGateway>) {
  const scripted = scriptedGateway(...given)
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  await opened.ledger.escrows.open(deal('s'))
  scripted.script.send = { outcome: 'accepted', reference: 'order_1', awaits: 'payer' }
  return { ...opened, ...scripted }
}

const order = { id: 'o', escrow: 's', gateway: 'razorpay' }
const paid = {
  'gateway:razorpay:clearing INR': '976.40',
  'gateway:razorpay:fees INR': '20.00',
  'gateway:razorpay:fee-tax INR': '3.60',
  'escrow:s INR': '1000.00',
}

describe('an order', () => {
  test('is made at the gateway at once, for what the escrow still waits for', async () => {
    const { ledger, sent } = await openDeal()
    const created = await ledger.orders.create(order, { idempotencyKey: 'k' })
    expect(created).toMatchObject({ state: 'accepted', gatewayReference: 'order_1', amount: inr('1000.00') })
    expect(await ledger.orders.create(order, { idempotencyKey: 'k' })).toEqual({ ...created, replayed: true })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ kind: 'order', escrow: 's', party: 'chen', key: expect.stringMatching(/^.{36}$/) })
    expect(await balances(ledger)).toEqual({})
    await expectClean(ledger)
  })

  test('is asked about until it is paid, and posts payment and fee once', async () => {
    const { ledger, script, clock } = await openDeal()
    await ledger.orders.create(order)
    script.ask = { outcome: 'accepted', reference: 'order_1', awaits: 'payer' }
    clock.now += MINUTE
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { accepted: 1 } })
    script.ask = { outcome: 'processed', reference: 'order_1', payments: [captured] }
    clock.now += HOUR
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { processed: 1 } })
    expect(await ledger.orders.get('o')).toMatchObject({ state: 'processed', nextAt: null })
    expect(await balances(ledger)).toEqual(paid)
    await ledger.orders.refresh('o')
    expect(await balances(ledger)).toEqual(paid)
    await expectClean(ledger)
  })

  test('whose fee is told later than its payment is charged it then', async () => {
    const { ledger, script, clock } = await openDeal()
    await ledger.orders.create(order)
    script.ask = { outcome: 'accepted', reference: 'order_1', payments: [{ ...captured, fee: null }] }
    clock.now += MINUTE
    await ledger.instructions.dispatch()
    expect(await balances(ledger)).toEqual({ 'gateway:razorpay:clearing INR': '1000.00', 'escrow:s INR': '1000.00' })
    script.ask = { outcome: 'processed', reference: 'order_1', payments: [captured] }
    await ledger.orders.refresh('o')
    expect(await balances(ledger)).toEqual(paid)
  })

  test('of which the answer was lost is made again under its key', async () => {
    const { ledger, script, sent, clock } = await openDeal()
    script.send = () => {
      throw new Error('The connection was reset.')
    }
    const created = await ledger.orders.create(order)
    expect(created).toMatchObject({ state: 'unknown', gatewayReference: null, reason: 'The connection was reset.' })
    script.send = { outcome: 'accepted', reference: 'order_1' }
    clock.now += MINUTE
    await ledger.instructions.dispatch()
    expect(await ledger.orders.get('o')).toMatchObject({ state: 'accepted', gatewayReference: 'order_1' })
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  })

  test('paid twice leaves what is too much in suspense', async () => {
    const { ledger, script } = await openDeal()
    await ledger.orders.create(order)
    const again = { ...captured, reference: 'pay_2', fee: null }
    script.ask = { outcome: 'processed', reference: 'order_1', payments: [captured, again] }
    await ledger.orders.refresh('o')
    expect(await balances(ledger)).toMatchObject({ 'escrow:s INR': '1000.00', 'suspense:razorpay INR': '1000.00' })
    await expectClean(ledger)
  })

  test('paid in another currency than the gateway received goes through fx', async () => {
    const { ledger, script } = await openDeal()
    await ledger.orders.create(order)
    const payment = { ...captured, received: money('11.90', 'USD'), fee: null }
    script.ask = { outcome: 'processed', reference: 'order_1', payments: [payment] }
    await ledger.orders.refresh('o')
    expect(await balances(ledger)).toMatchObject({
      'gateway:razorpay:clearing USD': '11.90',
      'escrow:s INR': '1000.00',
    })
    await expectClean(ledger)
  })

  test('that its payer authorised is captured by itself, once', async () => {
    const { ledger, script, sent } = await openDeal()
    await ledger.orders.create(order)
    script.ask = { outcome: 'accepted', reference: 'order_1', awaits: { capture: 'pay_1' } }
    script.send = { outcome: 'processed', reference: 'pay_1', payments: [captured] }
    await ledger.orders.refresh('o')
    expect(sent[1]).toMatchObject({ kind: 'capture', payment: 'pay_1', order: 'order_1', amount: inr('1000.00') })
    expect(await ledger.instructions.get('capture:o')).toMatchObject({ state: 'processed', about: 'order:o' })
    expect(await balances(ledger)).toEqual(paid)
    await ledger.orders.refresh('o')
    expect(sent).toHaveLength(2)
    await expectClean(ledger)
  })

  test('whose payment contradicts the books is told with the reason, and keeps no other call from being made', async () => {
    const { ledger, script, clock, sent } = await openDeal()
    await ledger.orders.create(order)
    await ledger.escrows.fund({ id: 's', amount: inr('999.00'), gateway: 'razorpay', reference: 'pay_1' })
    await ledger.escrows.refund({ id: 's', amount: inr('1.00') })
    script.ask = { outcome: 'processed', reference: 'order_1', payments: [captured] }
    script.send = { outcome: 'processed', reference: 'rfnd_1' }
    clock.now += HOUR
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { unknown: 1, processed: 1 } })
    expect(sent.at(-1)).toMatchObject({ kind: 'refund' })
    expect(await ledger.orders.get('o')).toMatchObject({
      state: 'accepted',
      reason: expect.stringMatching(/^payment_mismatch: /),
    })
    await expectClean(ledger)
  })

  test('that expired posts nothing', async () => {
    const { ledger, script } = await openDeal()
    await ledger.orders.create(order)
    script.ask = { outcome: 'refused', code: 'expired', reason: 'nobody paid' }
    await ledger.orders.refresh('o')
    expect(await ledger.orders.get('o')).toMatchObject({ state: 'failed', reason: 'expired: nobody paid' })
    expect(await balances(ledger)).toEqual({})
    await expectClean(ledger)
  })
})

describe('a capture', () => {
  test('is answered as it stands, and says whether it repeats an earlier one', async () => {
    const { ledger, script, sent } = await openDeal()
    await ledger.orders.create(order)
    script.send = { outcome: 'processed', reference: 'pay_1', payments: [captured] }
    const asked = { id: 'o', payment: 'pay_1' }
    const first = await ledger.orders.capture(asked, { idempotencyKey: 'k' })
    expect(first).toMatchObject({ id: 'capture:o', state: 'processed', replayed: false })
    expect(await ledger.orders.capture(asked, { idempotencyKey: 'k' })).toEqual({ ...first, replayed: true })
    expect(sent).toHaveLength(2)
    expect(await balances(ledger)).toEqual(paid)
  })

  test.each([
    ['order', { order: 'order_2' }],
    ['key', { order: null, orderKey: 'the key of another order' }],
  ])('of what the gateway has for another %s posts nothing, and leaves the order to its own', async (_, other) => {
    const { ledger, script } = await openDeal()
    await ledger.orders.create(order)
    script.send = {
      outcome: 'processed',
      reference: 'pay_2',
      payments: [{ ...captured, reference: 'pay_2', ...other }],
    }
    const refused = await ledger.orders.capture({ id: 'o', payment: 'pay_2' })
    expect(refused).toMatchObject({
      state: 'failed',
      reason: 'payment_of_another_order: the gateway has pay_2 for another order',
    })
    expect(await balances(ledger)).toEqual({})
    script.send = { outcome: 'processed', reference: 'pay_1', payments: [captured] }
    expect(await ledger.orders.capture({ id: 'o', payment: 'pay_1' })).toMatchObject({ state: 'processed' })
    expect(await balances(ledger)).toEqual(paid)
    await expectClean(ledger)
  })
})

describe('an order is refused', () => {
  const cases = [
    ['order_exists', { escrow: 's' }],
    ['escrow_not_found', { id: 'p', escrow: 'nobody' }],
    ['escrow_overfunded', { id: 'p', amount: inr('1000.01') }],
    ['escrow_overfunded', { id: 'p', escrow: 'funded' }],
    ['currency_mismatch', { id: 'p', amount: money('1.00', 'USD') }],
    ['escrow_already_cancelled', { id: 'p', escrow: 'cancelled' }],
    ['operation_unsupported', { id: 'p', gateway: 'manual' }],
    ['operation_unsupported', { id: 'p', gateway: 'nobody' }],
    ['below_gateway_minimum', { id: 'p', amount: inr('1.00') }],
    ['amount_off_step', { id: 'p', escrow: 'rupees', amount: inr('10.01') }],
  ] as const

  test.each(cases)('%s: %o', async (code, changes) => {
    const { ledger, sent } = await openDeal({}, { minimumMinor: () => 200n })
    await ledger.escrows.open({ ...deal('rupees'), terms: { ...coaching, step: '1.00' } })
    await fundedDeal(ledger, 'funded')
    await fundedDeal(ledger, 'cancelled')
    await ledger.escrows.cancel({ id: 'cancelled' })
    await ledger.orders.create(order)
    const before = await balances(ledger)
    expect(await codeOf(ledger.orders.create({ ...order, ...changes }))).toBe(code)
    expect(sent).toHaveLength(1)
    expect(await balances(ledger)).toEqual(before)
  })

  test('amount_off_step: a gateway whose step does not divide that of the terms', async () => {
    const { ledger } = await openDeal({}, { stepMinor: () => 100n })
    expect(await codeOf(ledger.orders.create(order))).toBe('amount_off_step')
  })
})
