import type { CallOutcome } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { captured } from '../fixtures/captured-payment.js'
import { deal, fundedDeal, inr, owe } from '../fixtures/deals.js'
import { DAY, openLedger } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

const done: CallOutcome = { outcome: 'processed', reference: 'pout_1' }

/** A payout of INR 600.00, of a gateway where it may come back for some days. */
async function payout(days: number) {
  const scripted = scriptedGateway({ watchedMs: days * DAY })
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  await owe(opened.ledger, 'priya', inr('600.00'))
  await opened.ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
  scripted.script.send = done
  const pass = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      opened.clock.now += DAY
      await opened.ledger.instructions.dispatch()
    }
  }
  return { ...opened, ...scripted, pass }
}

describe('what was processed and may come back', () => {
  test('keeps what the gateway says of it since, for people to see', async () => {
    const { ledger, script, pass } = await payout(10)
    await ledger.instructions.dispatch()
    script.ask = { outcome: 'refused', code: 'failed', reason: 'the bank refused it' }
    await pass(2)
    const { state, reason } = await ledger.payouts.get('p')
    expect([state, reason]).toEqual(['processed', 'failed: the bank refused it'])
    await expectClean(ledger)
  })

  test.each([
    ['does not know of it', { outcome: 'absent' }],
    ['does not answer', { outcome: 'unknown', reason: '503' }],
    ['says what it said', done],
  ] as const)('is not watched for ever where the gateway %s', async (_, said) => {
    const { ledger, script, pass } = await payout(1)
    await ledger.instructions.dispatch()
    script.ask = said
    await pass(8)
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed', nextAt: null })
  })
})

describe('the fee of a payout', () => {
  const charged = { 'gateway:razorpay:fees INR': '5.00', 'gateway:razorpay:fee-tax INR': '0.90' }
  const told: CallOutcome = { ...done, fee: { fee: inr('5.90'), tax: inr('0.90') } }

  test('that is told only after the payout was processed is posted then, once', async () => {
    const { ledger, script, pass } = await payout(10)
    await ledger.instructions.dispatch()
    script.ask = told
    await pass(3)
    expect(await balances(ledger)).toMatchObject({ ...charged, 'gateway:razorpay:clearing INR': '-605.90' })
    const [fee, ...others] = await all(ledger.journal.list({ instruction: 'payout:p', kind: 'fee' }))
    expect([fee?.postings.length, others]).toEqual([3, []])
    await expectClean(ledger)
  })

  test('that was told with the payout is not posted again', async () => {
    const { ledger, script, pass } = await payout(10)
    script.send = told
    await ledger.instructions.dispatch()
    script.ask = told
    await pass(3)
    expect(await balances(ledger)).toMatchObject(charged)
    await expectClean(ledger)
  })

  test('that the host has posted is not posted again', async () => {
    const { ledger, script, pass } = await payout(10)
    await ledger.instructions.dispatch()
    await ledger.payouts.fee({ id: 'p', fee: inr('5.90'), tax: inr('0.90') })
    script.ask = told
    await pass(3)
    expect(await balances(ledger)).toMatchObject(charged)
    await expectClean(ledger)
  })

  test('stays where the payout comes back after it', async () => {
    const { ledger, script, pass } = await payout(10)
    await ledger.instructions.dispatch()
    script.ask = told
    await pass(1)
    script.ask = { outcome: 'reversed', reference: 'pout_1', reason: 'account closed' }
    await pass(1)
    expect(await balances(ledger)).toMatchObject({ ...charged, 'payee:priya:payable INR': '600.00' })
    await expectClean(ledger)
  })
})

describe('what an operator says was processed', () => {
  test('is watched as if the gateway had said so', async () => {
    const { ledger, script, pass } = await payout(10)
    script.send = { outcome: 'unknown', reason: 'no answer' }
    await ledger.instructions.dispatch()
    await ledger.instructions.resolve({ id: 'payout:p', processed: { reference: 'pout_1' } })
    script.ask = { outcome: 'reversed', reference: 'pout_1', reason: 'account closed' }
    await pass(2)
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'reversed' })
    await expectClean(ledger)
  })

  test('has its payments posted, where it is an order', async () => {
    const { gateway, script } = scriptedGateway()
    const { ledger } = await openLedger({ gateways: { razorpay: gateway } })
    await ledger.escrows.open(deal('s'))
    await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
    await ledger.instructions.resolve({ id: 'order:o', processed: { reference: 'order_1' } })
    script.ask = { outcome: 'processed', reference: 'order_1', payments: [captured] }
    await ledger.instructions.dispatch()
    expect(await balances(ledger)).toMatchObject({ 'escrow:s INR': '1000.00' })
  })

  test('is released in the books, where it is a transfer without a hold', async () => {
    const { gateway } = scriptedGateway({ resendWindowMs: null, askedBy: null })
    const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
    await fundedDeal(ledger, 's')
    await owe(ledger, 'priya', inr('600.00'))
    await ledger.transfers.create({ id: 't', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay', hold: 'none' })
    await ledger.instructions.dispatch()
    await ledger.instructions.resolve({ id: 'transfer:t', processed: { reference: 'trf_1' } })
    clock.now += 1
    await ledger.instructions.dispatch()
    expect(await ledger.instructions.get('release:t')).toMatchObject({ amount: inr('600.00') })
    await expectClean(ledger)
  })
})

test('why a transfer is not released in the books is told', async () => {
  const { gateway, script } = scriptedGateway()
  const { ledger, clock } = await openLedger({ gateways: { razorpay: gateway } })
  await fundedDeal(ledger, 's')
  script.send = { outcome: 'processed', reference: 'trf_1' }
  await ledger.transfers.create({ id: 't', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay', hold: 'none' })
  await ledger.instructions.dispatch()
  clock.now += 1
  await ledger.instructions.dispatch()
  expect((await ledger.transfers.get('t')).reason).toContain('insufficient_funds')
})
