import type { Gateway, Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { rows } from '../fixtures/entry-rows.js'
import { openLedger } from '../fixtures/open-ledger.js'
import { offering } from '../fixtures/operations.js'

/** Razorpay, whose payments arrive in an account of the host's own. */
const intoTill: Gateway = { ...offering(['refund', 'payout', 'transfer', 'release', 'reversal']), clearing: 'till' }

/** A book in which what Razorpay collects may not pass these limits. */
async function openTill(limits: { floor?: string; ceiling?: string }) {
  const opened = await openLedger({ gateways: { razorpay: intoTill } })
  const [floor, ceiling] = [limits.floor, limits.ceiling].map((limit) => (limit === undefined ? undefined : inr(limit)))
  await opened.ledger.accounts.open({ code: 'till', currency: 'INR', type: 'asset', floor, ceiling })
  return opened
}

async function itemsOf(ledger: Ledger) {
  return (await all(ledger.suspense.list())).map(({ amount, reason }) => [amount, reason])
}

describe('a fact above the ceiling of an account', () => {
  test('is posted, its line in suspense as a whole', async () => {
    const { ledger } = await openTill({ ceiling: '1500.00' })
    await fundedDeal(ledger, 'first')
    await ledger.escrows.open(deal('second'))
    const funded = await ledger.escrows.fund({ id: 'second', amount: inr('1000.00'), ...paymentOf('second') })
    expect(rows(funded.entries)).toEqual(['funding | suspense:razorpay 1000.00 | escrow:second 1000.00'])
    expect(funded).toMatchObject({ allocated: inr('1000.00'), excess: null })
    expect(await itemsOf(ledger)).toEqual([[inr('-1000.00'), 'limit_exceeded']])
    expect(await balances(ledger)).toMatchObject({ 'till INR': '1000.00' })
    await expectClean(ledger)
  })

  test('is taken where it brings the balance nearer to it', async () => {
    const { ledger } = await openTill({ ceiling: '1000.00' })
    await fundedDeal(ledger, 's')
    const charged = await ledger.payments.fee({ ...paymentOf('s'), fee: inr('23.60') })
    expect(rows(charged.entries)).toEqual(['fee | gateway:razorpay:fees 23.60 | till 23.60'])
    await expectClean(ledger)
  })

  test('goes there for a settlement that came back, and for a top-up', async () => {
    const { ledger } = await openTill({ ceiling: '1000.00' })
    await fundedDeal(ledger, 'first')
    const setl = { gateway: 'razorpay', reference: 'setl_1' }
    await ledger.movements.settled({ ...setl, amount: inr('1000.00'), utr: 'UTR1' })
    await fundedDeal(ledger, 'second')
    const failed = await ledger.movements.settlementFailed({ ...setl, reason: 'returned' })
    expect(rows(failed.entries)).toEqual([
      'settlement_failed | suspense:razorpay 1000.00 | settlements:in-transit:razorpay 1000.00',
    ])
    const topUp = { gateway: 'razorpay', bank: 'hdfc', reference: 'NEFT1', amount: inr('5.00') }
    expect(rows((await ledger.movements.toppedUp(topUp)).entries)).toEqual([
      'top_up | suspense:razorpay 5.00 | bank:hdfc 5.00',
    ])
    expect(await itemsOf(ledger)).toEqual([
      [inr('-1000.00'), 'limit_exceeded'],
      [inr('-5.00'), 'limit_exceeded'],
    ])
    await expectClean(ledger)
  })
})

describe('a fact below the floor of an account', () => {
  test('is posted, its line in suspense as a whole', async () => {
    const { ledger } = await openTill({ floor: '0.00' })
    await owe(ledger, 'priya', inr('600.00'))
    await ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
    const paid = await ledger.instructions.confirm({ id: 'payout:po', reference: 'pout_1', fee: { fee: inr('5.90') } })
    expect(rows(paid.entries)).toEqual([
      'payout_processed | payouts:in-transit:razorpay 600.00, gateway:razorpay:fees 5.90 | suspense:razorpay 605.90',
    ])
    expect(await itemsOf(ledger)).toEqual([[inr('605.90'), 'limit_exceeded']])
    await expectClean(ledger)
  })

  test('counts all lines of the account: what brings money in carries what takes it out', async () => {
    const { ledger } = await openTill({ floor: '0.00' })
    await fundedDeal(ledger, 's', inr('100.00'))
    await ledger.transfers.create({ id: 't', payee: 'priya', amount: inr('100.00'), gateway: 'razorpay' })
    await ledger.instructions.confirm({ id: 'transfer:t', reference: 'trf_1' })
    await ledger.transfers.reverse({ id: 'r', transfer: 't', amount: inr('40.00') })
    const reversed = await ledger.instructions.confirm({
      id: 'reversal:r',
      reference: 'rvrsl_1',
      fee: { fee: inr('2.00') },
    })
    expect(rows(reversed.entries)).toEqual([
      'reversal_processed | till 40.00, gateway:razorpay:fees 2.00 | till 2.00, gateway:razorpay:linked:priya 40.00',
    ])
    await expectClean(ledger)
  })

  /** A transfer of INR 100.00, of which the host has booked 90.00 elsewhere. */
  async function emptied() {
    const opened = await openTill({})
    const { ledger } = opened
    await fundedDeal(ledger, 's', inr('100.00'))
    await owe(ledger, 'priya', inr('100.00'))
    await ledger.transfers.create({ id: 't', payee: 'priya', amount: inr('100.00'), gateway: 'razorpay' })
    await ledger.instructions.confirm({ id: 'transfer:t', reference: 'trf_1' })
    await ledger.journal.post({
      postings: [
        { account: 'platform:losses', debit: inr('90.00') },
        { account: 'gateway:razorpay:linked:priya', credit: inr('90.00') },
      ],
    })
    return opened
  }

  test('goes there for a reversal from a linked account that has less', async () => {
    const { ledger } = await emptied()
    await ledger.transfers.reverse({ id: 'r', transfer: 't', amount: inr('40.00') })
    const reversed = await ledger.instructions.confirm({ id: 'reversal:r', reference: 'rvrsl_1' })
    expect(rows(reversed.entries)).toEqual(['reversal_processed | till 40.00 | suspense:razorpay 40.00'])
    expect(await ledger.instructions.get('reversal:r')).toMatchObject({ state: 'processed' })
    expect(await itemsOf(ledger)).toEqual([[inr('40.00'), 'limit_exceeded']])
    await expectClean(ledger)
  })

  test('goes there for a release from a linked account that has less', async () => {
    const { ledger } = await emptied()
    await ledger.transfers.release({ id: 't' })
    const released = await ledger.instructions.confirm({ id: 'release:t', reference: 'setl_9' })
    expect(rows(released.entries)).toEqual([
      'release_processed | payouts:in-transit:razorpay 100.00 | suspense:razorpay 100.00',
    ])
    await expectClean(ledger)
  })

  test('goes there for a reversal from a linked account that was never opened in its currency', async () => {
    const { ledger } = await openTill({})
    await fundedDeal(ledger, 's', inr('100.00'))
    await ledger.transfers.create({ id: 't', payee: 'priya', amount: inr('100.00'), gateway: 'razorpay' })
    await ledger.accounts.open({ code: 'gateway:razorpay:linked:priya', currency: 'USD' })
    await ledger.accounts.freeze({ code: 'gateway:razorpay:linked:priya', what: 'all' })
    await ledger.instructions.confirm({ id: 'transfer:t', reference: 'trf_1' })
    await ledger.accounts.unfreeze({ code: 'gateway:razorpay:linked:priya' })
    await ledger.transfers.reverse({ id: 'r', transfer: 't', amount: inr('40.00') })
    await ledger.instructions.confirm({ id: 'reversal:r', reference: 'rvrsl_1' })
    expect(await itemsOf(ledger)).toEqual([
      [inr('-100.00'), 'account_frozen'],
      [inr('40.00'), 'limit_exceeded'],
    ])
    await expectClean(ledger)
  })
})
