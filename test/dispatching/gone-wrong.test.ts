import { type Gateway, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { captured } from '../fixtures/captured-payment.js'
import { databases } from '../fixtures/databases.js'
import { deal, inr, owe } from '../fixtures/deals.js'
import { MINUTE, openLedger } from '../fixtures/open-ledger.js'
import { openShared } from '../fixtures/open-shared.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { until } from '../fixtures/until.js'

const done = { outcome: 'processed', reference: 'pout_1' } as const

/** One payout to `bad`, and twelve to `priya` after it. */
async function payouts(own: Parameters<typeof scriptedGateway>[1]) {
  const scripted = scriptedGateway({}, own)
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  const { ledger, clock } = opened
  scripted.script.send = done
  await owe(ledger, 'bad', inr('1.00'))
  await owe(ledger, 'priya', inr('12.00'))
  const amount = inr('1.00')
  await ledger.payouts.request({ id: 'bad', payee: 'bad', amount, gateway: 'razorpay' })
  clock.now += 1
  for (let each = 0; each < 12; each += 1) {
    await ledger.payouts.request({ id: `p${each}`, payee: 'priya', amount, gateway: 'razorpay' })
  }
  return { ...opened, ...scripted }
}

describe('a payee of whom the host says where it is paid', () => {
  test.each([
    ['nothing', '', 'must not be empty'],
    ['too much', 'x'.repeat(256), 'at most 255 characters'],
    ['two lines', 'a\nb', 'control characters'],
    ['no text', 7 as never, 'must be a text, not number'],
  ])('%s waits, with the reason, and keeps nobody else waiting', async (_, odd, reason) => {
    const destinationOf = async (payee: string) => (payee === 'bad' ? odd : 'fa_1')
    const { ledger, sent } = await payouts({ destinationOf })
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { waiting: 1, processed: 12 } })
    expect(sent).toHaveLength(12)
    const bad = await ledger.payouts.get('bad')
    expect(bad.state).toBe('waiting')
    expect(bad.reason).toContain(reason)
  })

  test('by a question that throws, or is never answered, waits as well', async () => {
    const destinationOf: Gateway['destinationOf'] = (payee) =>
      payee === 'bad' ? new Promise(() => {}) : Promise.reject(new Error('the table is locked'))
    const { ledger, sent } = await payouts({ destinationOf, deadlineMs: 20 })
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { waiting: 13 } })
    expect((await ledger.payouts.get('bad')).reason).toContain('no answer within 20 ms')
    expect((await ledger.payouts.get('p0')).reason).toContain('the table is locked')
    expect(sent).toHaveLength(0)
  })
})

test('an attempt that goes wrong here is told, and stops no other', async () => {
  const { gateway, script, sent } = scriptedGateway()
  const { ledger } = await openLedger({ gateways: { razorpay: gateway } })
  await owe(ledger, 'priya', inr('3.00'))
  for (const id of ['a', 'b', 'c']) {
    await ledger.payouts.request({ id, payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
  }
  // A fee in a form that is no money fails in the books, not at the gateway.
  script.send = ({ instruction }) =>
    instruction === 'payout:b' ? { ...done, fee: { fee: { ...inr('1.00'), currency: 'XXX' }, tax: inr('0.00') } } : done
  const run = await ledger.instructions.dispatch({ concurrency: 1 })
  expect(run).toMatchObject({ attempts: 2, byOutcome: { processed: 2 }, failures: [{ id: 'payout:b' }] })
  expect(sent).toHaveLength(3)
  await expectClean(ledger)
})

test('a transfer that the gateway cannot release stops no other', async () => {
  const { gateway, script } = scriptedGateway({}, { offers: ['transfer', 'payout'] })
  const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
  script.send = done
  await owe(ledger, 'priya', inr('2.00'))
  const amount = inr('1.00')
  await ledger.transfers.create({ id: 't', payee: 'priya', amount, gateway: 'razorpay', hold: 'none' })
  await ledger.instructions.dispatch()
  clock.now += 1
  await ledger.payouts.request({ id: 'p', payee: 'priya', amount, gateway: 'razorpay' })
  expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { waiting: 1, processed: 1 }, failures: [] })
  expect((await ledger.transfers.get('t')).reason).toContain('operation_unsupported')
})

test('of several payments of an order, one that contradicts the books keeps no other from being posted', async () => {
  const { gateway, script } = scriptedGateway()
  const { ledger } = await openLedger({ gateways: { razorpay: gateway } })
  await ledger.escrows.open(deal('s'))
  script.send = { outcome: 'accepted', reference: 'order_1', awaits: 'payer' }
  await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
  await ledger.escrows.fund({ id: 's', amount: inr('1.00'), gateway: 'razorpay', reference: 'pay_1' })
  const free = { fee: money('0.00', 'INR'), tax: money('0.00', 'INR') }
  const payments = [
    { ...captured, amount: inr('2.00'), fee: null },
    { ...captured, reference: 'pay_2', amount: inr('900.00'), fee: free },
  ]
  script.ask = { outcome: 'processed', reference: 'order_1', payments }
  await ledger.orders.refresh('o')
  expect(await balances(ledger)).toEqual({ 'gateway:razorpay:clearing INR': '901.00', 'escrow:s INR': '901.00' })
  const { state, reason } = await ledger.orders.get('o')
  expect([state, reason]).toEqual(['accepted', expect.stringContaining('payment_mismatch')])
})

test('an instruction that a worker is asking about cannot be failed by hand', async () => {
  const { gateway, script } = scriptedGateway()
  const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
  await owe(ledger, 'priya', inr('1.00'))
  await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  script.send = () => answered.then(() => done)
  const run = ledger.instructions.dispatch()
  await until('the call is under way', async () => (await ledger.payouts.get('p')).state === 'sending')
  expect(await codeOf(ledger.instructions.fail({ id: 'payout:p', reason: 'gave up' }))).toBe('instruction_state')
  answer()
  await run
  expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
  clock.now += MINUTE
  await expectClean(ledger)
})

for (const database of databases) {
  describe(`on ${database.name}, what a gateway says`, () => {
    async function payout() {
      const scripted = scriptedGateway()
      const { ledgers } = await openShared(database, { storages: 1, gateways: { razorpay: scripted.gateway } })
      const [ledger] = ledgers
      if (!ledger) throw new Error('no ledger')
      await owe(ledger, 'priya', inr('1.00'))
      await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
      return { ledger, ...scripted }
    }

    test('is kept though no database keeps such a text', async () => {
      const { ledger, script } = await payout()
      script.send = { outcome: 'waiting', reason: 'a\u0000b\ud800' }
      expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { waiting: 1 } })
      expect((await ledger.payouts.get('p')).reason).toBe('a\ufffdb\ufffd')
    })

    test.each(['a\u0000b', 'x'.repeat(2_000), ''])('is not known where its reference is %j', async (reference) => {
      const { ledger, script } = await payout()
      script.send = { outcome: 'accepted', reference }
      expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { unknown: 1 } })
      const { state, gatewayReference, reason } = await ledger.payouts.get('p')
      expect([state, gatewayReference]).toEqual(['unknown', null])
      expect(reason).toMatch(/^the gateway's reference must /)
    })
  })
}
