import { expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal, inr } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'

const code = 'wallet:chen'

/** A deal that was funded from credit in an account, which is empty since. */
async function funded() {
  const opened = await openLedger()
  const { ledger } = opened
  await ledger.accounts.open({ code, currency: 'INR', type: 'liability', floor: inr('0.00') })
  const postings = [
    { account: 'bank:hdfc', debit: inr('1000.00') },
    { account: code, credit: inr('1000.00') },
  ]
  await ledger.journal.post({ postings })
  await ledger.escrows.open(deal('s'))
  await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), from: code })
  return opened
}

test('credit goes back to an account that is frozen for debits', async () => {
  const { ledger } = await funded()
  await ledger.accounts.freeze({ code })
  await ledger.escrows.cancel({ id: 's' })
  expect(await balances(ledger)).toEqual({ 'bank:hdfc INR': '1000.00', 'wallet:chen INR': '1000.00' })
})

test('credit whose account was closed is settled by the terms, and the host moves it on from there', async () => {
  const { ledger } = await funded()
  await ledger.accounts.close({ code })
  await expect(ledger.escrows.cancel({ id: 's' })).rejects.toMatchObject({ code: 'account_closed' })
  await expect(ledger.escrows.refund({ id: 's' })).rejects.toMatchObject({ code: 'account_closed' })
  await ledger.escrows.settle({ id: 's', early: { reason: 'The wallet it came from was closed.' } })
  await ledger.accounts.open({ code: 'wallet:chen-2', currency: 'INR', type: 'liability', floor: inr('0.00') })
  await ledger.journal.post({
    postings: [
      { account: 'platform:fees', debit: inr('200.00') },
      { account: 'payee:priya:payable', debit: inr('800.00') },
      { account: 'wallet:chen-2', credit: inr('1000.00') },
    ],
  })
  expect(await balances(ledger)).toEqual({ 'bank:hdfc INR': '1000.00', 'wallet:chen-2 INR': '1000.00' })
  await expectClean(ledger)
})
