import { createPayPalGateway, type PayPalGatewayOptions } from '@escrow-ledger/paypal'
import { createSandbox } from '@escrow-ledger/sandbox'
import { onTestFinished } from 'vitest'
import { MINUTE, openLedger, START } from '../fixtures/open-ledger.js'

interface Opening extends Pick<PayPalGatewayOptions, 'intent'> {
  readonly opening?: bigint | undefined
}

/** A ledger whose gateway is PayPal's sandbox, both by one clock, with so much in its account in cents. */
export async function open({ intent, opening = 0n }: Opening = {}) {
  const openingBalances = opening === 0n ? {} : { USD: opening }
  const sandbox = await createSandbox({ clock: { startAt: START }, paypal: { openingBalances } })
  onTestFinished(() => sandbox.close())
  const { url: baseUrl, clientId, clientSecret, webhookId, trustedRoots, fetchCertificate } = sandbox.paypal
  const gateway = createPayPalGateway({
    environment: 'sandbox',
    ...{ baseUrl, clientId, clientSecret, intent },
    destinationOf: async (payee) => (payee === 'nobody' ? 'nobody' : `${payee}@example.com`),
    webhooks: { webhookId, trustedRoots, fetchCertificate, now: sandbox.clock.now },
  })
  const opened = await openLedger({ gateways: { paypal: gateway } })
  const pass = async (ms: number) => {
    await sandbox.clock.advance(ms)
    opened.clock.now = sandbox.clock.now()
  }
  /** Dispatches until nothing is left to do but to wait for somebody. */
  const carryOn = async () => {
    for (let times = 0; times < 12; times += 1) {
      await opened.ledger.instructions.dispatch()
      await pass(10 * MINUTE)
    }
  }
  const held = () => sandbox.paypal.balances()[`balance:${sandbox.paypal.merchantId}`]?.USD ?? 0n
  return { ...opened, sandbox, gateway, pass, carryOn, held }
}
