import { openDelivery, type WebhookVerifier } from 'escrow-ledger'
import { checkSecrets, checkSignature } from './signature.js'
import { type RazorpayWebhook, readWebhook } from './webhook.js'

export interface RazorpayWebhookOptions {
  /** Secrets of the webhook; any one of them will do, so that the old one can stay while a new one takes over. */
  readonly secrets: readonly string[]
}

/**
 * Verifies webhooks of Razorpay: `X-Razorpay-Signature` is the HMAC-SHA256 of the raw body. It throws `not_authentic` for
 * what Razorpay did not sign, and `invalid_input` for secrets that are none.
 *
 * The signature has no time in it, so a delivery that somebody kept can be sent again at any time: it is told by its
 * `dedupeKeys`, and what it means for money by the API.
 */
export function createRazorpayWebhookVerifier(options: RazorpayWebhookOptions): WebhookVerifier<RazorpayWebhook> {
  const kept = [...checkSecrets(options, 'secrets').secrets]
  return {
    async verify(delivery) {
      const opened = openDelivery('razorpay', delivery)
      const signature = opened.header('X-Razorpay-Signature')
      checkSignature({ message: opened.rawBody, signature, secrets: kept, secretsName: 'secrets' })
      return readWebhook(opened)
    },
  }
}
