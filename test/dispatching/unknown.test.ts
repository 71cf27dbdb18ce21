import type { Operation } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { inr, owe } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE, openLedger } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

/** A payout of INR 600.00 whose first answer was lost. */
async function lostPayout(operation: Partial<Operation>) {
  const scripted = scriptedGateway(operation)
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  await owe(opened.ledger, 'priya', inr('600.00'))
  await opened.ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
  scripted.script.send = () => {
    throw new Error('no answer')
  }
  await opened.ledger.instructions.dispatch()
  expect(await opened.ledger.payouts.get('p')).toMatchObject({ state: 'unknown' })
  return { ...opened, ...scripted }
}

const done = { outcome: 'processed', reference: 'pout_1' } as const

describe('a call of which the answer was lost', () => {
  test('is sent again under its key within the window, and only asked about after it', async () => {
    const { ledger, clock, sent, asked, script } = await lostPayout({ resendWindowMs: HOUR })
    clock.now += 10 * MINUTE
    await ledger.instructions.dispatch()
    expect([sent.length, asked.length]).toEqual([2, 0])
    clock.now += 2 * HOUR
    script.ask = done
    await ledger.instructions.dispatch()
    expect([sent.length, asked.length]).toEqual([2, 1])
    expect(sent[1]?.key).toBe(sent[0]?.key)
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed', gatewayReference: 'pout_1' })
    await expectClean(ledger)
  })

  test('without keys is not asked about before whatever was sent can no longer arrive', async () => {
    const { ledger, clock, asked, script } = await lostPayout({ resendWindowMs: null })
    clock.now += MINUTE - 1
    expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
    clock.now += MINUTE
    script.ask = done
    await ledger.instructions.dispatch()
    expect(asked).toHaveLength(1)
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
  })

  test('is sent again when the gateway is sure that it never arrived', async () => {
    const { ledger, clock, sent, script } = await lostPayout({ resendWindowMs: null })
    clock.now += 2 * MINUTE
    script.ask = { outcome: 'absent' }
    script.send = done
    await ledger.instructions.dispatch()
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'recorded' })
    await ledger.instructions.dispatch()
    expect(sent).toHaveLength(2)
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
    await expectClean(ledger)
  })

  test('stays unknown while the absence need not last', async () => {
    const { ledger, clock, sent, script } = await lostPayout({ resendWindowMs: null, absenceIsFinal: false })
    script.ask = { outcome: 'absent' }
    for (let day = 0; day < 3; day += 1) {
      clock.now += DAY
      await ledger.instructions.dispatch()
    }
    expect(sent).toHaveLength(1)
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'unknown' })
  })
})

describe('a call that nobody can say anything of', () => {
  const stuck = async () => {
    const opened = await lostPayout({ resendWindowMs: null, askedBy: null })
    opened.clock.now += DAY
    await opened.ledger.instructions.dispatch()
    opened.clock.now += DAY
    expect(await opened.ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
    const [listed] = await all(opened.ledger.instructions.list({ state: 'unknown' }))
    expect(listed).toMatchObject({ id: 'payout:p', nextAt: null })
    expect(listed?.reason).toContain('instructions.resolve')
    expect([opened.sent.length, opened.asked.length]).toEqual([1, 0])
    return opened
  }

  test('is resolved by an operator as done', async () => {
    const { ledger } = await stuck()
    const fee = { fee: inr('5.90'), tax: inr('0.90') }
    await ledger.instructions.resolve({ id: 'payout:p', processed: { reference: 'utr-1', fee } })
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed', gatewayReference: 'utr-1' })
    expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:fees INR': '5.00' })
    await expectClean(ledger)
  })

  test('is resolved by an operator as failed', async () => {
    const { ledger } = await stuck()
    await ledger.instructions.resolve({ id: 'payout:p', failed: { reason: 'never left' } })
    expect(await balances(ledger)).toMatchObject({ 'payee:priya:payable INR': '600.00' })
    await expectClean(ledger)
  })

  test('is sent again when an operator says that it never arrived', async () => {
    const { ledger, sent, script } = await stuck()
    script.send = done
    await ledger.instructions.resolve({ id: 'payout:p', absent: true })
    await ledger.instructions.dispatch()
    expect(sent).toHaveLength(2)
    expect(await codeOf(ledger.instructions.resolve({ id: 'payout:p', absent: true }))).toBe('instruction_state')
    await expectClean(ledger)
  })

  test('is resolved in one way only', async () => {
    const { ledger } = await stuck()
    expect(await codeOf(ledger.instructions.resolve({ id: 'payout:p' }))).toBe('invalid_input')
    const both = { id: 'payout:p', absent: true, failed: { reason: 'x' } } as const
    expect(await codeOf(ledger.instructions.resolve(both))).toBe('invalid_input')
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'unknown' })
  })
})

describe('a payout that was processed', () => {
  test('is asked about for as long as it may come back, and is owed again when it does', async () => {
    const { ledger, clock, script, asked } = await lostPayout({ watchedMs: 10 * DAY })
    script.send = done
    script.ask = done
    clock.now += 10 * MINUTE
    await ledger.instructions.dispatch()
    for (let day = 0; day < 3; day += 1) {
      clock.now += DAY + 1
      await ledger.instructions.dispatch()
    }
    expect(asked).toHaveLength(3)
    await expectClean(ledger)
    script.ask = { outcome: 'reversed', reference: 'pout_1', reason: 'account closed' }
    clock.now += DAY + 1
    await ledger.instructions.dispatch()
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'reversed', reason: 'account closed', nextAt: null })
    expect(await balances(ledger)).toMatchObject({ 'payee:priya:payable INR': '600.00' })
    await expectClean(ledger)
  })

  test('is left alone after that', async () => {
    const { ledger, clock, script } = await lostPayout({ watchedMs: DAY })
    script.send = done
    script.ask = done
    clock.now += 10 * MINUTE
    await ledger.instructions.dispatch()
    clock.now += 2 * DAY
    await ledger.instructions.dispatch()
    clock.now += 2 * DAY
    expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed', nextAt: null })
  })
})

test('what was accepted stays so when the gateway does not answer', async () => {
  const { ledger, clock, script } = await lostPayout({})
  script.send = { outcome: 'accepted', reference: 'pout_1' }
  clock.now += 10 * MINUTE
  await ledger.instructions.dispatch()
  script.ask = () => {
    throw new Error('no answer')
  }
  clock.now += HOUR
  await ledger.instructions.dispatch()
  expect(await ledger.payouts.get('p')).toMatchObject({ state: 'accepted', reason: 'no answer' })
})

test('a gateway that says when to come again is left alone until then', async () => {
  const { ledger, clock, script, sent } = await lostPayout({})
  clock.now += 10 * MINUTE
  script.send = { outcome: 'unknown', reason: 'too many requests', retryAt: clock.now + 30 * MINUTE }
  await ledger.instructions.dispatch()
  clock.now += 30 * MINUTE - 1
  expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
  clock.now += 1
  await ledger.instructions.dispatch()
  expect(sent).toHaveLength(3)
})
