import { checkSecrets, checkSignature, notAuthentic } from './signature.js'

/** What signs a callback: the secrets of API keys, any one of which will do while keys are changed. */
export interface RazorpayKeySecrets {
  readonly keySecrets: readonly string[]
}

/** What a browser brings back from Razorpay's checkout after a payment for an order. */
export interface RazorpayCheckout {
  /** From your own records, not from the browser: else a payment for another order passes for one for this. */
  readonly orderId: string
  /** `razorpay_payment_id` */
  readonly paymentId: string
  /** `razorpay_signature` */
  readonly signature: string
}

/**
 * Returns if Razorpay signed this payment for this order, and throws `not_authentic` otherwise. It says that the payer
 * authorised the payment, not that it was captured, nor how much it was: ask the API.
 */
export function verifyRazorpayCheckout(checkout: RazorpayCheckout, options: RazorpayKeySecrets): void {
  const { orderId, paymentId, signature } = checkout
  verifyCallback({ fields: { orderId, paymentId }, signature, options })
}

/** What a browser brings back from Razorpay's checkout after it authorised a subscription. */
export interface RazorpaySubscriptionCheckout {
  /** From your own records, not from the browser. */
  readonly subscriptionId: string
  /** `razorpay_payment_id` */
  readonly paymentId: string
  /** `razorpay_signature` */
  readonly signature: string
}

/** Returns if Razorpay signed this payment for this subscription, and throws `not_authentic` otherwise. */
export function verifyRazorpaySubscription(checkout: RazorpaySubscriptionCheckout, options: RazorpayKeySecrets): void {
  const { paymentId, subscriptionId, signature } = checkout
  verifyCallback({ fields: { paymentId, subscriptionId }, signature, options })
}

/** What a browser brings back from a payment link in the query of the callback address. */
export interface RazorpayPaymentLinkCallback {
  /** `razorpay_payment_link_id`; compare it with your own records. */
  readonly paymentLinkId: string
  /** `razorpay_payment_link_reference_id`; the empty text when the link has none. It may not have a `|` in it. */
  readonly referenceId: string
  /** `razorpay_payment_link_status` */
  readonly status: string
  /** `razorpay_payment_id` */
  readonly paymentId: string
  /** `razorpay_signature` */
  readonly signature: string
}

/** Returns if Razorpay signed this outcome of a payment link, and throws `not_authentic` otherwise. */
export function verifyRazorpayPaymentLink(callback: RazorpayPaymentLinkCallback, options: RazorpayKeySecrets): void {
  const { paymentLinkId, referenceId, status, paymentId, signature } = callback
  verifyCallback({ fields: { paymentLinkId, referenceId, status, paymentId }, signature, options })
}

interface Callback {
  /** What is signed, in this order. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly signature: unknown
  readonly options: RazorpayKeySecrets
}

function verifyCallback({ fields, signature, options }: Callback): void {
  const { keySecrets } = checkSecrets(options, 'keySecrets')
  for (const [name, value] of Object.entries(fields)) {
    // Fields are signed with a bar between them, so one with a bar in it could pass for two.
    if (typeof value === 'string' && !value.includes('|')) continue
    const message = `${name} must be a text without "|", as Razorpay's are. Refuse it.`
    throw notAuthentic('signature_malformed', message)
  }
  const message = Object.values(fields).join('|')
  checkSignature({ message, signature, secrets: keySecrets, secretsName: 'keySecrets' })
}
