import { sign } from './signature.js'

/**
 * The headers with which Razorpay would deliver this body. For tests, and for servers that stand in for Razorpay.
 */
export function signRazorpayWebhook(webhook: {
  readonly rawBody: Uint8Array
  readonly secret: string
  /** The `x-razorpay-event-id`. */
  readonly deliveryId?: string | undefined
}): Record<string, string> {
  const signature = { 'x-razorpay-signature': sign(webhook.rawBody, webhook.secret) }
  return webhook.deliveryId === undefined ? signature : { ...signature, 'x-razorpay-event-id': webhook.deliveryId }
}
