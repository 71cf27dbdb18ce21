import type { Config } from '@escrow-ledger/http/config'
import { createPayPalGateway } from '@escrow-ledger/paypal'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Gateway } from 'escrow-ledger'
import type { Knex } from 'knex'

export const GATEWAY = 'paypal'

/** The sandbox's account holds dollars: what is paid in euros arrives changed, as PayPal does where no euros are held. */
export const paypalSettings = { exchangeRates: [{ from: 'EUR', to: 'USD', value: '1.08' }] }

interface At {
  readonly sandbox: Sandbox
  readonly knex: Knex
}

/** PayPal for payments and payouts, as the environment says. */
export function openPayPal({ paypal }: Pick<Config, 'paypal'>, { sandbox, knex }: At): Gateway {
  if (paypal === null) throw new Error('This example is paid through PayPal.')
  const { trustedRoots, fetchCertificate } = sandbox.paypal
  return createPayPalGateway({
    ...paypal,
    // The sandbox's certificates and clock. PayPal's own are known.
    webhooks: { ...paypal.webhooks, trustedRoots, fetchCertificate, now: sandbox.clock.now },
    destinationOf: async (payee) => {
      const coach = (await knex('coaches').where({ id: payee }).first('paypal')) as { paypal: string } | undefined
      return coach?.paypal ?? null
    },
  })
}

/**
 * What the payer does at PayPal, where the browser would be sent: agrees to pay an order. One that waits for nobody's
 * agreement any more is no failure, since a button can be pressed twice: whoever comes back asks what became of it.
 */
export async function approveAtPayPal({ paypal }: Pick<Sandbox, 'paypal'>, order: string): Promise<void> {
  const response = await fetch(`${paypal.url}/sandbox/acts/paypal/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: order }),
  })
  if (!response.ok && response.status !== 400) throw new Error(`The sandbox's PayPal answered ${response.status}.`)
}
