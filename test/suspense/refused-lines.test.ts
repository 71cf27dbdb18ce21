import { type Ledger, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, paymentOf } from '../fixtures/deals.js'
import { rows } from '../fixtures/entry-rows.js'
import { openLedger } from '../fixtures/open-ledger.js'

const usd = (amount: string) => money(amount, 'USD')

/** A refund that the gateway processed while the account that it left from was frozen. */
async function processedFromFrozen(ledger: Ledger): Promise<string> {
  await fundedDeal(ledger, 's')
  await ledger.escrows.refund({ id: 's', amount: inr('200.00') })
  const [refund] = await all(ledger.instructions.list({ escrow: 's' }))
  await ledger.accounts.freeze({ code: 'gateway:razorpay:clearing', what: 'all' })
  await ledger.instructions.confirm({ id: refund?.id ?? '', reference: 'rfnd_1' })
  const [item] = await all(ledger.suspense.list())
  expect(item).toMatchObject({ amount: inr('200.00'), reason: 'account_frozen' })
  return item?.id ?? ''
}

describe('a line that its account did not take', () => {
  test('is not refunded to the payer, who has the money already', async () => {
    const { ledger } = await openLedger()
    const id = await processedFromFrozen(ledger)
    const refund = ledger.suspense.resolve({ id, refund: { payer: 'chen' } })
    await expect(refund).rejects.toMatchObject({ code: 'payment_not_found' })
    const { entries } = await ledger.suspense.resolve({ id, writeOff: { reason: 'sent from the frozen account' } })
    expect(rows(entries)).toEqual(['suspense_written_off | suspense:razorpay 200.00 | platform:losses 200.00'])
    await expectClean(ledger)
  })

  test('of an exchange is not refunded in a currency that its payment does not have', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 'first')
    await ledger.accounts.open({ code: 'fx:USD-INR', currency: 'USD' })
    await ledger.accounts.freeze({ code: 'fx:USD-INR', what: 'all' })
    await ledger.escrows.open(deal('s'))
    const paid = { ...paymentOf('s'), amount: inr('1000.00'), received: usd('12.00') }
    await ledger.escrows.fund({ id: 's', ...paid })
    const items = await all(ledger.suspense.list())
    const owed = items.find(({ amount }) => amount.currency === 'USD')
    expect(owed).toMatchObject({ amount: usd('12.00'), reason: 'account_frozen' })
    const refund = ledger.suspense.resolve({ id: owed?.id ?? '', refund: { payer: 'chen' } })
    await expect(refund).rejects.toMatchObject({ code: 'payment_not_found' })
    await expectClean(ledger)
  })

  test('is refunded where it is a refund that came back while the payer could not be credited', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.refund({ id: 's', amount: inr('200.00') })
    const [refund] = await all(ledger.instructions.list({ escrow: 's' }))
    await ledger.accounts.freeze({ code: 'payer:chen:refunds', what: 'all' })
    await ledger.instructions.fail({ id: refund?.id ?? '', reason: 'card expired' })
    await ledger.accounts.unfreeze({ code: 'payer:chen:refunds' })
    const [item] = await all(ledger.suspense.list())
    const { entries } = await ledger.suspense.resolve({ id: item?.id ?? '', refund: { payer: 'chen' } })
    expect(rows(entries)).toEqual([
      'suspense_refunded | suspense:razorpay 200.00 | payer:chen:refunds 200.00',
      'refund_instructed | payer:chen:refunds 200.00 | refunds:in-transit:razorpay 200.00',
    ])
    expect(await balances(ledger)).toMatchObject({ 'refunds:in-transit:razorpay INR': '200.00' })
    await expectClean(ledger)
  })

  test('is not sent another way as well as refunded from suspense', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.refund({ id: 's', amount: inr('200.00') })
    const [refund] = await all(ledger.instructions.list({ escrow: 's' }))
    const id = refund?.id ?? ''
    await ledger.accounts.freeze({ code: 'payer:chen:refunds', what: 'all' })
    await ledger.instructions.fail({ id, reason: 'card expired' })
    await ledger.accounts.unfreeze({ code: 'payer:chen:refunds' })
    const resend = () => ledger.instructions.resend({ id, gateway: 'manual' })
    await expect(resend()).rejects.toMatchObject({ code: 'instruction_state', state: 'failed' })
    const [item] = await all(ledger.suspense.list())
    await ledger.suspense.resolve({ id: item?.id ?? '', refund: { payer: 'chen' } })
    const again = (await all(ledger.instructions.list())).find(({ state }) => state === 'recorded')
    await ledger.instructions.fail({ id: again?.id ?? '', reason: 'card expired' })
    // What the second one brought back is its own, and not the first one's.
    await expect(resend()).rejects.toMatchObject({ code: 'instruction_state', state: 'failed' })
    await ledger.instructions.resend({ id: again?.id ?? '', gateway: 'manual' })
    expect(await balances(ledger)).toMatchObject({ 'refunds:in-transit:manual INR': '200.00' })
    await expectClean(ledger)
  })
})

test('a write-off is no entry of the escrow that the money was meant for', async () => {
  const { ledger } = await openLedger()
  await ledger.escrows.fund({ id: 'never-opened', amount: inr('10.00'), ...paymentOf('s') })
  const [item] = await all(ledger.suspense.list())
  const { entries } = await ledger.suspense.resolve({ id: item?.id ?? '', writeOff: { reason: 'nobody asks for it' } })
  expect(entries).toMatchObject([{ kind: 'suspense_written_off', escrow: null, payment: paymentOf('s').reference }])
  await expectClean(ledger)
})
