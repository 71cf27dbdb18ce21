import { type KeyLike, sign } from 'node:crypto'
import { ALGORITHM, signedText } from './transmission.js'

/**
 * The headers with which PayPal would deliver this body, had it this key. For tests, and for servers that stand in for
 * PayPal: verifiers take them under `trustedRoots` that vouch for the key's certificate, and no others.
 */
export function signPayPalWebhook(webhook: {
  readonly rawBody: Uint8Array
  readonly webhookId: string
  readonly transmissionId: string
  /** Milliseconds since 1970. */
  readonly transmittedAt: number
  readonly certificateUrl: string
  /** An RSA key. */
  readonly privateKey: KeyLike
}): Record<string, string> {
  const { rawBody, webhookId, transmissionId: id } = webhook
  const time = new Date(webhook.transmittedAt).toISOString()
  const signature = sign('RSA-SHA256', Buffer.from(signedText({ id, time, webhookId, rawBody })), webhook.privateKey)
  return {
    'paypal-transmission-id': id,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': signature.toString('base64'),
    'paypal-cert-url': webhook.certificateUrl,
    'paypal-auth-algo': ALGORITHM,
  }
}
