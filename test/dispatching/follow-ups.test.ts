import type { CallOutcome, GatewayCall } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, owe } from '../fixtures/deals.js'
import { DAY, HOUR, openLedger } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

const refused: CallOutcome = { outcome: 'refused', code: 'bad', reason: 'not this one' }
const done: CallOutcome = { outcome: 'processed', reference: 'trf_1' }

/** A transfer of INR 600.00, all of it owed to priya, that the gateway has made. */
async function transferred(hold: 'indefinite' | { readonly until: number } = 'indefinite') {
  const scripted = scriptedGateway()
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  const { ledger } = opened
  await fundedDeal(ledger, 's')
  await owe(ledger, 'priya', inr('600.00'))
  scripted.script.send = done
  await ledger.transfers.create({ id: 't', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay', hold })
  await ledger.instructions.dispatch()
  const reverse = (id: string, amount: string) => ledger.transfers.reverse({ id, transfer: 't', amount: inr(amount) })
  return { ...opened, ...scripted, reverse }
}

describe('a release of which nothing came', () => {
  test.each(['refused', 'cancelled'])('because it was %s can be made again', async (why) => {
    const { ledger, script } = await transferred()
    await ledger.transfers.release({ id: 't' })
    script.send = refused
    if (why === 'cancelled') await ledger.instructions.cancel({ id: 'release:t' })
    else await ledger.instructions.dispatch()
    script.send = done
    const again = await ledger.transfers.release({ id: 't' })
    expect(again).toMatchObject({ instruction: 'release#2:t' })
    await ledger.instructions.dispatch()
    expect(await ledger.instructions.get('release#2:t')).toMatchObject({ state: 'processed' })
    expect(await balances(ledger)).not.toHaveProperty(['payee:priya:payable INR'])
    expect(await codeOf(ledger.transfers.release({ id: 't' }))).toBe('release_exists')
    await expectClean(ledger)
  })

  test('leaves the transfer to be taken back', async () => {
    const { ledger, script, reverse } = await transferred()
    await ledger.transfers.release({ id: 't' })
    script.send = refused
    await ledger.instructions.dispatch()
    script.send = { outcome: 'processed', reference: 'rvrsl_1' }
    await reverse('r', '600.00')
    await ledger.instructions.dispatch()
    expect(await ledger.transfers.get('t')).toMatchObject({ takenBack: inr('600.00') })
    await expectClean(ledger)
  })
})

test('a release of the longest id can be made again many times', async () => {
  const { gateway, script } = scriptedGateway()
  const { ledger } = await openLedger({ gateways: { razorpay: gateway } })
  const id = 't'.repeat(190)
  await fundedDeal(ledger, 's')
  await owe(ledger, 'priya', inr('600.00'))
  script.send = done
  await ledger.transfers.create({ id, payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
  await ledger.instructions.dispatch()
  script.send = refused
  for (let nth = 1; nth <= 11; nth += 1) {
    await ledger.transfers.release({ id })
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { refused: 1 }, failures: [] })
  }
  expect(await ledger.instructions.get(`release#11:${id}`)).toMatchObject({ state: 'failed' })
  await expectClean(ledger)
})

describe('a transfer of which a part is being taken back', () => {
  test('is not released before that has ended, since the gateway would let go of all of it', async () => {
    const { ledger, clock, sent, script, reverse } = await transferred()
    script.send = (call: GatewayCall) => (call.kind === 'reversal' ? { outcome: 'unknown', reason: 'reset' } : done)
    await reverse('r', '200.00')
    await ledger.instructions.dispatch()
    expect(await codeOf(ledger.transfers.release({ id: 't' }))).toBe('instruction_state')
    await expectClean(ledger)
    script.ask = refused
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect(await ledger.instructions.get('reversal:r')).toMatchObject({ state: 'failed' })
    await ledger.transfers.release({ id: 't' })
    expect(await ledger.instructions.get('release:t')).toMatchObject({ amount: inr('600.00') })
    await expectClean(ledger)
    expect(sent.map(({ kind }) => kind)).not.toContain('release')
  })

  test('is left alone when all of it was taken back, though its hold has an end', async () => {
    const { ledger, clock, script, reverse } = await transferred({ until: Date.UTC(2026, 10, 3, 9) })
    script.send = { outcome: 'processed', reference: 'rvrsl_1' }
    await reverse('r', '600.00')
    await ledger.instructions.dispatch()
    for (let days = 0; days < 3; days += 1) {
      clock.now += DAY
      await ledger.instructions.dispatch()
    }
    expect(await ledger.transfers.get('t')).toMatchObject({ nextAt: null, takenBack: inr('600.00') })
    expect(await codeOf(ledger.instructions.get('release:t'))).toBe('instruction_not_found')
    await expectClean(ledger)
  })
})

test('a second authorisation of an order is captured when nothing came of the first', async () => {
  const { gateway, script, sent } = scriptedGateway()
  const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
  await ledger.escrows.open(deal('s'))
  const awaiting = (payment: string): CallOutcome => ({
    outcome: 'accepted',
    reference: 'order_1',
    awaits: { capture: payment },
  })
  script.send = ({ kind }) => (kind === 'order' ? { outcome: 'accepted', reference: 'order_1' } : refused)
  await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
  script.ask = awaiting('pay_1')
  await ledger.orders.refresh('o')
  expect(await ledger.instructions.get('capture:o')).toMatchObject({ state: 'failed' })
  script.ask = awaiting('pay_2')
  script.send = { outcome: 'processed', reference: 'pay_2' }
  clock.now += HOUR
  await ledger.orders.refresh('o')
  expect(await ledger.instructions.get('capture#2:o')).toMatchObject({ state: 'processed', payment: 'pay_2' })
  // While the second one counts, a third has nothing to take; asking the order again changes nothing.
  script.ask = awaiting('pay_3')
  await ledger.orders.refresh('o')
  expect(await ledger.orders.get('o')).toMatchObject({ state: 'accepted', reason: null })
  expect(sent.map(({ kind }) => kind)).toEqual(['order', 'capture', 'capture'])
  await expectClean(ledger)
})
