export {
  type RazorpayCheckout,
  type RazorpayKeySecrets,
  type RazorpayPaymentLinkCallback,
  type RazorpaySubscriptionCheckout,
  verifyRazorpayCheckout,
  verifyRazorpayPaymentLink,
  verifyRazorpaySubscription,
} from './callback-signature.js'
export type { RazorpayDispute, RazorpayDisputes, RazorpayEvidence } from './disputes.js'
export type { RazorpayEnvironment } from './environment.js'
export type {
  RazorpayContactDetails,
  RazorpayFundAccountDetails,
  RazorpayFundAccounts,
  RazorpayXRecord,
} from './fund-accounts.js'
export { createRazorpayGateway, type RazorpayGateway } from './gateway.js'
export type { RazorpayOptions, RazorpayPayoutMode, RazorpayPayoutOptions } from './options.js'
export type { RazorpayPayeeDetails } from './payees.js'
export { RazorpayError } from './razorpay-error.js'
export { signRazorpayWebhook } from './sign-webhook.js'
export type { RazorpayEntity, RazorpayWebhook } from './webhook.js'
export { createRazorpayWebhookVerifier, type RazorpayWebhookOptions } from './webhook-verifier.js'
