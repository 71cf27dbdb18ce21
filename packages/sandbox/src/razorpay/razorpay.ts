import { signRazorpayWebhook } from '@escrow-ledger/razorpay'
import type { ControlledGateway } from '../control-routes.js'
import type { GatewayApi } from '../http/exchange.js'
import type { Channel } from '../webhooks/delivery.js'
import { createBalanceSheet } from '../world/balance-sheet.js'
import type { NewId } from '../world/seeded-ids.js'
import type { World } from '../world/world.js'

export interface RazorpayOptions {
  readonly keyId?: string | undefined
  readonly keySecret?: string | undefined
  readonly webhookSecret?: string | undefined
}

export interface RazorpaySandbox {
  readonly keyId: string
  readonly keySecret: string
  readonly webhookSecret: string
  balances(): Record<string, Record<string, bigint>>
}

const settingsOf = (options: RazorpayOptions) => ({
  keyId: options.keyId ?? 'rzp_test_sandbox0000000',
  keySecret: options.keySecret ?? 'sandbox-key-secret',
  webhookSecret: options.webhookSecret ?? 'sandbox-webhook-secret',
})

const minute = 60_000

/** Razorpay's way of delivering: it tries again for 24 hours, at growing intervals. */
export function razorpayChannel(options: RazorpayOptions, newId: NewId): Channel {
  const { webhookSecret } = settingsOf(options)
  return {
    gateway: 'razorpay',
    newDeliveryId: () => newId('', 14),
    sign: ({ rawBody, id }) => signRazorpayWebhook({ rawBody, secret: webhookSecret, deliveryId: id }),
    retryDelaysMs: [1, 5, 15, 60, 120, 240, 480, 480].map((minutes) => minutes * minute),
    timeoutMs: 5000,
  }
}

export function createRazorpay(_world: World, options: RazorpayOptions) {
  const sheet = createBalanceSheet()
  const api: GatewayApi = {
    name: 'razorpay',
    operations: [],
    authorize: () => undefined,
    failure: (status) => ({ status, body: { error: { code: status < 500 ? 'BAD_REQUEST_ERROR' : 'SERVER_ERROR' } } }),
  }
  const controlled: ControlledGateway = { acts: {}, balances: sheet.snapshot, state: () => ({}) }
  const face: RazorpaySandbox = { ...settingsOf(options), balances: sheet.snapshot }
  return { api, controlled, face }
}
