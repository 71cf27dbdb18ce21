import type { FetchCertificate } from '@escrow-ledger/paypal'
import type { ControlledGateway } from '../control-routes.js'
import type { GatewayApi } from '../http/exchange.js'
import type { World } from '../world/world.js'
import { createAccessTokens } from './access-token.js'
import { createActs, type PayPalActs } from './acts.js'
import { payPalButtons } from './buttons.js'
import { createPayPalWorld } from './create-world.js'
import { debugIdOf } from './guarded.js'
import { payPalOperations } from './operations.js'
import type { PayPalWorld } from './paypal-world.js'
import { Refusal, refusalBody } from './refusal.js'
import { remoteActs } from './remote-acts.js'
import { type PayPalOptions, readSettings } from './settings.js'
import { stateOnPage } from './state.js'
import { CERTIFICATE_PATH, createWebhookSigner, type WebhookSigner } from './webhook-signer.js'

/** PayPal as a test or a developer sees it. */
export interface PayPalSandbox extends PayPalActs {
  readonly environment: 'sandbox'
  readonly clientId: string
  readonly clientSecret: string
  /** The platform's account. */
  readonly merchantId: string
  readonly webhookId: string
  /** Certificates (PEM) of the authority that vouches for the one that signs deliveries. */
  readonly trustedRoots: readonly string[]
  /** Reads the signing certificate from this server, though its address is PayPal's. */
  readonly fetchCertificate: FetchCertificate
  /** Pocket → currency → minor units. Pockets outside are below zero by what came in through them. */
  balances(): Record<string, Record<string, bigint>>
}

/** What signs this PayPal's deliveries; it is made before the rest, since the channel of deliveries needs it. */
export const createPayPalSigner = (options: PayPalOptions, now: () => number): WebhookSigner =>
  createWebhookSigner({ webhookId: readSettings(options).webhookId, now })

export function createPayPal(
  world: World,
  options: PayPalOptions,
  given: { readonly signer: WebhookSigner; url(): string; deliverTo(url: string): void },
) {
  const settings = readSettings(options)
  const { signer, url, deliverTo } = given
  const paypal = createPayPalWorld(world, { settings, signer, baseUrl: url })
  const tokens = createAccessTokens(paypal)
  const acts = createActs(paypal, tokens)
  const operations = payPalOperations(paypal, {
    tokens,
    signer,
    deliver: world.deliver,
    deliverTo(webhook) {
      signer.webhookId = webhook.id
      deliverTo(webhook.url)
    },
  })
  const api: GatewayApi = { name: 'paypal', operations, authorize: tokens.check, failure: failureOf(paypal) }
  const balances = paypal.sheet.snapshot
  const controlled: ControlledGateway = {
    acts: remoteActs(acts),
    balances,
    state: () => stateOnPage(paypal),
    buttons: payPalButtons,
  }
  const face: PayPalSandbox = {
    ...acts,
    environment: 'sandbox',
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    merchantId: settings.merchantId,
    webhookId: settings.webhookId,
    trustedRoots: [signer.chain.root],
    fetchCertificate: async (_, signal) => (await fetch(`${url()}${CERTIFICATE_PATH}`, { signal })).text(),
    balances,
  }
  return { api, controlled, face }
}

const failures: Readonly<Record<number, readonly [name: string, message: string]>> = {
  404: ['RESOURCE_NOT_FOUND', 'The specified resource does not exist.'],
  429: ['RATE_LIMIT_REACHED', 'Too many requests. Blocked due to rate limiting.'],
  500: ['INTERNAL_SERVER_ERROR', 'An internal server error has occurred.'],
  503: ['SERVICE_UNAVAILABLE', 'Service Unavailable.'],
}

/** How PayPal words a failure of its own. */
const failureOf = (world: PayPalWorld) => (status: number) => {
  const [name, message] = failures[status] ?? ['INTERNAL_SERVICE_ERROR', 'An internal service error has occurred.']
  const debugId = debugIdOf(world)
  return {
    status,
    body: refusalBody(new Refusal(status, name, message), debugId),
    headers: { 'paypal-debug-id': debugId },
  }
}
