import { createPayPalGateway } from '@escrow-ledger/paypal'
import { createSandbox } from '@escrow-ledger/sandbox'
import { type Gateway, money } from 'escrow-ledger'
import { expect, onTestFinished } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal } from '../fixtures/deals.js'
import { HOUR, MINUTE, openLedger, START } from '../fixtures/open-ledger.js'

export const usd = (amount: string) => money(amount, 'USD')

/** Fees that PayPal takes of a payment of 100.00: 3.98. */
const PLATFORM_FEE = usd('16.02')

/**
 * A ledger on PayPal's sandbox, whose orders name the seller `priya`: of 100.00 PayPal keeps 3.98 and the platform 16.02, so
 * that 80.00 are held for her.
 */
export async function openSeller({ disbursement = 'DELAYED' as 'DELAYED' | 'INSTANT' } = {}) {
  const sandbox = await createSandbox({ clock: { startAt: START }, paypal: { platformFeeRefunds: true } })
  onTestFinished(() => sandbox.close())
  const { paypal } = sandbox
  const { url: baseUrl, clientId, clientSecret, merchantId: partnerId } = paypal
  const { webhookId, trustedRoots, fetchCertificate } = paypal
  const seller = paypal.onboardSeller()
  const gives = { platformFee: undefined as ReturnType<typeof usd> | undefined }
  const gateway: Gateway = createPayPalGateway({
    environment: 'sandbox',
    ...{ baseUrl, clientId, clientSecret, partnerId },
    orderDetails: () => ({ payee: seller, disbursement, platformFee: PLATFORM_FEE }),
    refundDetails: () => gives,
    destinationOf: async (payee, kind) => (payee === 'priya' && kind === 'transfer' ? seller : null),
    webhooks: { webhookId, trustedRoots, fetchCertificate, now: sandbox.clock.now },
  })
  const opened = await openLedger({ gateways: { paypal: gateway } })
  const { ledger, clock } = opened
  const pass = async (ms: number) => {
    await sandbox.clock.advance(ms)
    clock.now = sandbox.clock.now()
  }
  /** Dispatches until nothing is left to do but to wait for somebody. */
  const carryOn = async () => {
    for (let times = 0; times < 12; times += 1) {
      await ledger.instructions.dispatch()
      await pass(10 * MINUTE)
    }
  }
  /** A deal of 100.00 that its payer has paid; answers PayPal's id of the payment. */
  const sold = async (id: string) => {
    await ledger.escrows.open(deal(id, usd('100.00')))
    const order = await ledger.orders.create({ id, escrow: id, gateway: 'paypal' })
    if (order.gatewayReference === null) await carryOn()
    paypal.approve((await ledger.orders.get(id)).gatewayReference ?? '')
    await carryOn()
    const [transfer] = (await ledger.transfers.list({ escrow: id }).page({ limit: 1 })).items
    return transfer?.payment ?? ''
  }
  /** The deal is done well, and settled. */
  const settled = async (id: string) => {
    await ledger.escrows.complete({ id })
    await pass(24 * HOUR)
    await ledger.settlements.run()
  }
  const cents = (pocket: string) => paypal.balances()[pocket]?.USD ?? 0n
  /** What the platform has, what is held for the seller, and what the seller has. */
  const shares = () => [`balance:${partnerId}`, `held:${seller}`, `balance:${seller}`].map(cents)
  /** That the books say of the platform's balance and of the seller's part what PayPal says. */
  const expectAgreement = async (linkedAtPayPal = cents(`held:${seller}`)) => {
    const books = await balances(ledger)
    const booked = (code: string) => usd(books[`${code} USD`] ?? '0.00').minor
    expect(booked('gateway:paypal:clearing')).toBe(cents(`balance:${partnerId}`))
    expect(booked('gateway:paypal:linked:priya')).toBe(linkedAtPayPal)
    await expectClean(ledger)
  }
  return { ...opened, sandbox, paypal, seller, gives, pass, carryOn, sold, settled, shares, expectAgreement }
}
