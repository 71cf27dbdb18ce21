import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { fundedDeal, inr, owe } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE, openLedger } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

/** A transfer of INR 600.00 to priya's linked account, which the gateway makes at once. */
async function transferred(hold: 'none' | 'indefinite' | { readonly until: number }) {
  const scripted = scriptedGateway()
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  await fundedDeal(opened.ledger, 's')
  scripted.script.send = (call) =>
    call.kind === 'release' ? { outcome: 'accepted', reference: 'trf_1' } : { outcome: 'processed', reference: 'trf_1' }
  const amount = inr('600.00')
  await opened.ledger.transfers.create({ id: 't', payee: 'priya', amount, gateway: 'razorpay', hold })
  await opened.ledger.instructions.dispatch()
  return { ...opened, ...scripted }
}

describe('a transfer whose hold ends at the gateway', () => {
  test('is released in the books then, so that the payee is not paid twice', async () => {
    const opened = await transferred({ until: Date.UTC(2026, 10, 3, 9) })
    const { ledger, clock, sent, script } = opened
    await owe(ledger, 'priya', inr('600.00'))
    clock.now += 23 * HOUR
    expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
    clock.now += HOUR
    await ledger.instructions.dispatch()
    await ledger.instructions.dispatch()
    expect(sent.map(({ kind }) => kind)).toEqual(['transfer', 'release'])
    expect(await balances(ledger)).toMatchObject({
      'gateway:razorpay:linked:priya INR': '600.00',
      'payouts:in-transit:razorpay INR': '600.00',
    })
    script.ask = { outcome: 'processed', reference: 'setl_1' }
    clock.now += DAY
    await ledger.instructions.dispatch()
    expect(await balances(ledger)).not.toHaveProperty(['payouts:in-transit:razorpay INR'])
    clock.now += DAY
    expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
    await expectClean(ledger)
  })

  test('is released when the payee is owed it, where it is not yet', async () => {
    const { ledger, clock } = await transferred('none')
    await ledger.instructions.dispatch()
    clock.now += HOUR
    expect(await ledger.instructions.dispatch()).toEqual({ attempts: 1, byOutcome: { waiting: 1 }, failures: [] })
    await owe(ledger, 'priya', inr('600.00'))
    clock.now += 2 * HOUR
    await ledger.instructions.dispatch()
    expect(await ledger.instructions.get('release:t')).toMatchObject({ state: 'recorded', amount: inr('600.00') })
    await expectClean(ledger)
  })

  test('and that was released by hand before is left alone', async () => {
    const { ledger, clock, sent } = await transferred({ until: Date.UTC(2026, 10, 3, 9) })
    await owe(ledger, 'priya', inr('600.00'))
    await ledger.transfers.release({ id: 't' })
    await ledger.instructions.dispatch()
    clock.now += 25 * HOUR
    await ledger.instructions.dispatch()
    clock.now += MINUTE
    await ledger.instructions.dispatch()
    expect(sent.map(({ kind }) => kind)).toEqual(['transfer', 'release'])
    await expectClean(ledger)
  })
})

test('a transfer that is held for ever is not released by itself', async () => {
  const { ledger, clock } = await transferred('indefinite')
  clock.now += 400 * DAY
  expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
})
