export {
  type RazorpayCheckout,
  type RazorpayKeySecrets,
  type RazorpayPaymentLinkCallback,
  type RazorpaySubscriptionCheckout,
  verifyRazorpayCheckout,
  verifyRazorpayPaymentLink,
  verifyRazorpaySubscription,
} from './callback-signature.js'
export { signRazorpayWebhook } from './sign-webhook.js'
export type { RazorpayEntity, RazorpayWebhook } from './webhook.js'
export { createRazorpayWebhookVerifier, type RazorpayWebhookOptions } from './webhook-verifier.js'
