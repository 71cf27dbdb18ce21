import { describe, expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { deal, inr, owe } from '../fixtures/deals.js'
import { rows } from '../fixtures/entry-rows.js'
import { openLedger } from '../fixtures/open-ledger.js'

async function opened() {
  const { ledger } = await openLedger()
  await ledger.escrows.open(deal('s'))
  const fund = (from: string, amount = inr('100.00')) => ledger.escrows.fund({ id: 's', amount, from })
  const open = (type: 'asset' | 'liability' | 'income', limits: object = {}) =>
    ledger.accounts.open({ code: 'wallet:chen', currency: 'INR', type, ...limits })
  const topUp = (minor: string) =>
    ledger.journal.post({
      postings: [
        { account: 'bank:hdfc', debit: inr(minor) },
        { account: 'wallet:chen', credit: inr(minor) },
      ],
    })
  return { ledger, fund, open, topUp }
}

describe('funding from credit takes credit that somebody has', () => {
  test.each([
    'bank:hdfc',
    'gateway:razorpay:clearing',
    'gateway:razorpay:fees',
    'gateway:razorpay:linked:priya',
    'payee:chen:receivable',
    'payee:chen:reserve',
    'platform:fees',
    'platform:promotions',
    'tax:gst:payable',
    'opening-balances',
  ])('and not %s', async (from) => {
    const { ledger, fund } = await opened()
    await expect(fund(from)).rejects.toMatchObject({
      code: 'invalid_input',
      message: `The input is not valid: from must be credit that somebody has: an account of type liability that you opened, or payee:<id>:payable, not ${from}.`,
    })
    expect((await ledger.escrows.get('s')).status).toBe('opened')
  })

  test.each(['asset', 'income'] as const)("and not the host's own account of type %s", async (type) => {
    const { fund, open } = await opened()
    await open(type)
    await expect(fund('wallet:chen')).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('such as what is payable to the payer', async () => {
    const { ledger, fund } = await opened()
    await owe(ledger, 'chen', inr('100.00'))
    expect(rows((await fund('payee:chen:payable')).entries)).toEqual([
      'funding | payee:chen:payable 100.00 | escrow:s 100.00',
    ])
    await expect(fund('payee:chen:payable')).rejects.toMatchObject({ code: 'insufficient_funds' })
    await expectClean(ledger)
  })

  test('and no more than there is, where the account has no floor', async () => {
    const { fund, open, topUp } = await opened()
    await open('liability')
    await topUp('150.00')
    await fund('wallet:chen')
    await expect(fund('wallet:chen')).rejects.toMatchObject({
      code: 'insufficient_funds',
      available: inr('50.00'),
      requested: inr('100.00'),
      message:
        'Account wallet:chen has 50.00 INR of credit, less than the 100.00 INR asked of it. Ask less, put more in first, or open it with a floor below zero.',
    })
  })

  test('and as much as the host lends, where it said so by a floor', async () => {
    const { fund, open } = await opened()
    await open('liability', { floor: inr('-100.00') })
    await fund('wallet:chen')
    await expect(fund('wallet:chen')).rejects.toMatchObject({ code: 'insufficient_funds' })
  })
})
