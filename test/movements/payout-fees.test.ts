import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { inr, owe } from '../fixtures/deals.js'
import { rows } from '../fixtures/entry-rows.js'
import { openLedger } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'

const fee = { id: 'po-1', fee: inr('5.90'), tax: inr('0.90') }

/** A payout of INR 600.00 that was processed without a word about its fee. */
async function paidOut() {
  const opened = await openLedger()
  const { ledger } = opened
  await owe(ledger, 'priya', inr('600.00'))
  await ledger.payouts.request({ id: 'po-1', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
  await ledger.instructions.confirm({ id: 'payout:po-1', reference: 'pout_1' })
  return opened
}

describe("a payout's fee that is told apart from it", () => {
  test('leaves the account that the payout left, once per fee id', async () => {
    const { ledger } = await paidOut()
    const charged = await ledger.payouts.fee(fee)
    expect(rows(charged.entries)).toEqual([
      'fee | gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90 | gateway:razorpay:clearing 5.90',
    ])
    expect(charged.entries).toMatchObject([{ instruction: 'payout:po-1', payment: null, party: 'priya' }])
    expect(await ledger.payouts.fee(fee)).toMatchObject({ replayed: true, entries: charged.entries })
    expect(await ledger.payouts.fee({ ...fee, feeId: 'return' })).toMatchObject({ replayed: false })
    expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:clearing INR': '-611.80' })
    await expectClean(ledger)
  })

  test('may come before anybody knows what became of the payout, and in any number', async () => {
    const { ledger } = await openLedger()
    await owe(ledger, 'priya', inr('600.00'))
    await ledger.payouts.request({ id: 'po-1', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
    for (let number = 1; number <= 25; number += 1) await ledger.payouts.fee({ ...fee, feeId: `fee-${number}` })
    await expectClean(ledger)
    await ledger.instructions.confirm({ id: 'payout:po-1', reference: 'pout_1' })
    await expectClean(ledger)
  })

  test('goes to suspense where its account takes nothing, which says nothing of the payout', async () => {
    const { ledger } = await paidOut()
    await ledger.accounts.open({ code: 'gateway:razorpay:fees', currency: 'INR' })
    await ledger.accounts.freeze({ code: 'gateway:razorpay:fees', what: 'all' })
    await ledger.payouts.fee(fee)
    expect(await all(ledger.suspense.list())).toMatchObject([{ amount: inr('-5.00'), reason: 'account_frozen' }])
    await expectClean(ledger)
  })

  test('is refused for another amount, another payout of its id, and a payout that is not there', async () => {
    const { ledger } = await paidOut()
    await ledger.payouts.fee({ ...fee, feeId: 'fee-1' })
    expect(await codeOf(ledger.payouts.fee({ ...fee, feeId: 'fee-1', fee: inr('6.00') }))).toBe('fee_mismatch')
    expect(await codeOf(ledger.payouts.fee({ ...fee, id: 'po-2' }))).toBe('payout_not_found')
    expect(await codeOf(ledger.payouts.fee({ ...fee, tax: inr('6.00') }))).toBe('invalid_input')
  })
})
