import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { InstructionKind, OrderCall, RefundCall } from 'escrow-ledger'
import type { PayPalEnvironment } from './certificate-url.js'
import { originOf } from './environment.js'
import { invalidOption } from './invalid-option.js'
import type { OrderDetails } from './order-details.js'
import type { RefundDetails } from './refund-details.js'
import type { PayPalWebhookOptions } from './webhook-options.js'
import { stepMinor } from './wire-money.js'

export interface PayPalGatewayOptions {
  /** Nothing of one world ever goes to the other: the address must be one of this environment's. */
  readonly environment: PayPalEnvironment
  readonly clientId: string
  readonly clientSecret: string
  /**
   * The platform's own account, by PayPal's id of it: 13 letters and digits. Payees are taken up, and orders name sellers,
   * only where it is given.
   */
  readonly partnerId?: string | undefined
  /** What PayPal calls the platform as a partner (the BN code): sent with every request, so that they are counted as its own. */
  readonly attributionId?: string | undefined
  /** For the sandbox: another server that stands in for PayPal, such as `http://127.0.0.1:4020`. */
  readonly baseUrl?: string | undefined
  /** How long one request may take, in milliseconds; 15,000 unless it is given. A call makes up to five. */
  readonly timeoutMs?: number | undefined
  /** The transport, where it is not to be Node's own. */
  readonly httpAgent?: HttpAgent | undefined
  readonly httpsAgent?: HttpsAgent | undefined
  /** `CAPTURE`, the default, takes the money when the payer has approved; `AUTHORIZE` has it authorised first. */
  readonly intent?: 'CAPTURE' | 'AUTHORIZE' | undefined
  /** What an order shows and to whom its money goes. */
  readonly orderDetails?: ((call: OrderCall) => OrderDetails | Promise<OrderDetails>) | undefined
  /** Who gives how much of a refund, where a seller was paid. */
  readonly refundDetails?: ((call: RefundCall) => RefundDetails | Promise<RefundDetails>) | undefined
  /**
   * Where a payee is paid: PayPal's id of an account, an e-mail address, a number such as +14155550100; null while unknown.
   * Of a seller whom orders name, it answers for the kind `transfer` PayPal's id of the seller's account.
   */
  readonly destinationOf?: ((payee: string, kind: InstructionKind) => Promise<string | null>) | undefined
  /** The smallest amount worth a call, in minor units; the smallest that PayPal can say unless it is given. */
  readonly minimumMinor?: ((currency: string) => bigint) | undefined
  /** The webhook of this account, where it has one. */
  readonly webhooks?: GatewayWebhookOptions | undefined
}

export interface GatewayWebhookOptions extends Omit<PayPalWebhookOptions, 'environment'> {
  /** Whether PayPal is asked where its certificate cannot be read, or nobody here can vouch for it; it is by default. */
  readonly askPayPal?: boolean | undefined
}

const TIMEOUT_MS = 15_000
const REQUESTS_OF_A_CALL = 5

/** Options with everything in its place. Throws `invalid_input` for those that make no sense. */
export function readGatewayOptions(given: PayPalGatewayOptions) {
  const options: Partial<PayPalGatewayOptions> = given ?? {}
  const { environment, clientId, clientSecret, partnerId, timeoutMs = TIMEOUT_MS, intent = 'CAPTURE' } = options
  if (environment === undefined) throw invalidOption('environment', 'must be "live" or "sandbox"')
  const origin = originOf(environment, options.baseUrl)
  if (typeof clientId !== 'string' || clientId === '') throw invalidOption('clientId', 'must be that of your app')
  if (typeof clientSecret !== 'string' || clientSecret === '') {
    throw invalidOption('clientSecret', 'must be that of your app')
  }
  if (partnerId !== undefined && !/^[0-9A-Z]{13}$/.test(partnerId)) {
    throw invalidOption('partnerId', "must be PayPal's id of an account, 13 letters and digits")
  }
  if (!(timeoutMs > 0)) throw invalidOption('timeoutMs', 'must be more than 0')
  if (intent !== 'CAPTURE' && intent !== 'AUTHORIZE') throw invalidOption('intent', 'must be "CAPTURE" or "AUTHORIZE"')
  const { attributionId, httpAgent, httpsAgent, destinationOf, webhooks } = options
  if (attributionId !== undefined && !/^[\x21-\x7e]{1,36}$/.test(attributionId)) {
    throw invalidOption('attributionId', 'must be the BN code that PayPal gave you: at most 36 characters, no spaces')
  }
  return {
    client: { environment, origin, clientId, clientSecret, timeoutMs, attributionId, httpAgent, httpsAgent },
    deadlineMs: REQUESTS_OF_A_CALL * timeoutMs,
    partnerId,
    calls: {
      ...{ intent, orderDetails: options.orderDetails ?? (() => ({})) },
      refundDetails: options.refundDetails ?? (() => ({})),
    },
    destinationOf,
    minimumMinor: options.minimumMinor ?? stepMinor,
    webhooks: webhooks && { ...webhooks, environment },
  }
}
