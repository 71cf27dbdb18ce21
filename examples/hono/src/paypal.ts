import { createPayPalGateway } from '@escrow-ledger/paypal'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Gateway } from 'escrow-ledger'
import type { Knex } from 'knex'

export const GATEWAY = 'paypal'

/** PayPal for payments and payouts. With an account of yours, ids and secrets come from the environment, and nothing else is given. */
export function openPayPal({ paypal, clock }: Sandbox, knex: Knex): Gateway {
  return createPayPalGateway({
    environment: 'sandbox',
    clientId: paypal.clientId,
    clientSecret: paypal.clientSecret,
    webhooks: {
      webhookId: paypal.webhookId,
      // These are for the sandbox alone: PayPal's certificates are known.
      trustedRoots: paypal.trustedRoots,
      fetchCertificate: paypal.fetchCertificate,
      now: clock.now,
    },
    destinationOf: async (payee) => {
      const coach = (await knex('coaches').where({ id: payee }).first('paypal')) as { paypal: string } | undefined
      return coach?.paypal ?? null
    },
    baseUrl: paypal.url,
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
