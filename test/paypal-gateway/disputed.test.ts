import { money } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal } from '../fixtures/deals.js'
import { open } from './open-paypal.js'

const usd = (amount: string) => money(amount, 'USD')

/** What is there beside the deal, so that a refund does not wait for what PayPal has kept as its fee. */
const OPENING = 10_000n

async function paid() {
  const opened = await open({ opening: OPENING })
  const { ledger, sandbox, carryOn, held } = opened
  await ledger.escrows.open(deal('s', usd('100.00')))
  const { gatewayReference } = await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'paypal' })
  sandbox.paypal.approve(gatewayReference ?? '')
  await carryOn()
  const [payment] = await all(ledger.payments.list())
  const dispute = sandbox.paypal.openDispute(payment?.reference ?? '')
  const poll = async () => {
    await ledger.clawbacks.poll({ gateway: 'paypal' })
    return all(ledger.clawbacks.list())
  }
  const expectAgreement = async () => {
    const clearing = (await balances(ledger))['gateway:paypal:clearing USD'] ?? '0.00'
    expect(usd(clearing).minor).toBe(held() - OPENING)
    await expectClean(ledger)
  }
  return { ...opened, dispute, poll, expectAgreement }
}

test('a dispute that ends because the payment is refunded takes nothing more', async () => {
  const { ledger, carryOn, poll, expectAgreement } = await paid()
  expect(await poll()).toMatchObject([{ kind: 'dispute', state: 'open', taken: usd('0.00') }])
  await ledger.escrows.cancel({ id: 's' })
  await carryOn()
  expect(await poll()).toMatchObject([{ kind: 'dispute', state: 'closed', taken: usd('0.00') }])
  expect(await all(ledger.suspense.list())).toEqual([])
  await expectAgreement()
})

test('a dispute that the payer wins takes the payment once', async () => {
  const { ledger, sandbox, dispute, poll, expectAgreement } = await paid()
  sandbox.paypal.resolveDispute(dispute, 'buyer')
  expect(await poll()).toMatchObject([{ kind: 'dispute', state: 'closed', taken: usd('100.00') }])
  expect(await all(ledger.suspense.list())).toMatchObject([{ remaining: usd('-100.00'), reason: 'charged_back' }])
  await expectAgreement()
})
