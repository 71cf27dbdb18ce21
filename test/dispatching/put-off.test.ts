import type { CallOutcome } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { deal, inr, owe } from '../fixtures/deals.js'
import { HOUR, openLedger, START } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

const busy: CallOutcome = { outcome: 'waiting', reason: '429: too many requests' }

async function payout(...given: Parameters<typeof scriptedGateway>) {
  const scripted = scriptedGateway(...given)
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  await owe(opened.ledger, 'priya', inr('600.00'))
  await opened.ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
  return { ...opened, ...scripted }
}

describe('a question that the gateway puts off', () => {
  test('leaves accepted what was accepted, which is never sent again', async () => {
    const { ledger, clock, script, sent } = await payout({ resendWindowMs: null })
    script.send = { outcome: 'accepted', reference: 'pout_1' }
    await ledger.instructions.dispatch()
    script.ask = busy
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'accepted', reason: busy.reason })
    script.ask = { outcome: 'absent' }
    for (let rounds = 0; rounds < 3; rounds += 1) {
      clock.now += 2 * HOUR
      await ledger.instructions.dispatch()
    }
    expect(sent).toHaveLength(1)
  })

  test('about an unknown call leaves it unknown', async () => {
    const { ledger, clock, script, sent } = await payout({ resendWindowMs: null })
    await ledger.instructions.dispatch()
    script.ask = busy
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'unknown' })
    expect(await codeOf(ledger.instructions.cancel({ id: 'payout:p' }))).toBe('instruction_state')
    expect(sent).toHaveLength(1)
  })

  test('about an order does not keep what its payer has authorised from being captured', async () => {
    const { gateway, script, sent } = scriptedGateway({ resendWindowMs: null })
    const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
    await ledger.escrows.open(deal('s'))
    script.send = ({ kind }) =>
      kind === 'order' ? { outcome: 'accepted', reference: 'order_1' } : { outcome: 'accepted', reference: 'pay_1' }
    await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
    script.ask = busy
    clock.now += HOUR
    await ledger.instructions.dispatch()
    script.ask = { outcome: 'accepted', reference: 'order_1', awaits: { capture: 'pay_1' } }
    clock.now += 2 * HOUR
    await ledger.instructions.dispatch()
    expect(sent.map(({ kind }) => kind)).toEqual(['order', 'capture'])
  })
})

describe('a call that the gateway puts off', () => {
  test('at the first attempt was never made, and can be cancelled', async () => {
    const { ledger, script } = await payout()
    script.send = busy
    await ledger.instructions.dispatch()
    await ledger.instructions.cancel({ id: 'payout:p' })
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'cancelled' })
    await expectClean(ledger)
  })

  test('when an earlier attempt may have been made cannot be cancelled', async () => {
    const { ledger, clock, script } = await payout()
    await ledger.instructions.dispatch()
    script.send = busy
    clock.now += HOUR / 2
    await ledger.instructions.dispatch()
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'waiting' })
    expect(await codeOf(ledger.instructions.cancel({ id: 'payout:p' }))).toBe('instruction_state')
  })

  test('is made again within a day, whatever time the gateway names', async () => {
    for (const retryAt of [START + HOUR + 0.5, Number.NaN, START + 1_000 * HOUR]) {
      const { ledger, script } = await payout()
      script.send = { ...busy, retryAt }
      await ledger.instructions.dispatch()
      const { nextAt } = await ledger.payouts.get('p')
      expect(nextAt).toBeGreaterThan(START)
      expect(nextAt).toBeLessThanOrEqual(START + 24 * HOUR)
      expect(Number.isInteger(nextAt)).toBe(true)
    }
  })
})
