/** The headers of a request: a `Headers` object, or names and values as Node has them in `request.headers`. */
export type DeliveryHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A webhook as it arrived. */
export interface WebhookDelivery {
  readonly headers: DeliveryHeaders
  /**
   * The bytes of the body as they came over the wire. Text that was decoded, or JSON that was parsed and written again, has
   * other bytes and no longer fits its signature, so neither is taken. They must not change before `verify` has answered.
   */
  readonly rawBody: Uint8Array
}

/**
 * A delivery whose signature is right. Read it as "something may have happened there", and ask the gateway's API what did
 * before any money is posted: it may be a repeat, be old or be overtaken, and not every signature covers the whole body.
 */
export interface VerifiedWebhook {
  readonly gateway: string
  /**
   * What happened, in the gateway's words, such as `payment.captured`; null where the body, though signed, is not an event
   * of the shape that is known. Keep such a one for people to look at: refused, the gateway would send it again for days.
   */
  readonly type: string | null
  /** A delivery that shares one of these with an earlier one repeats it. Each rests on what is signed. */
  readonly dedupeKeys: readonly [string, ...string[]]
  /** When the gateway says that it happened, in milliseconds since 1970. */
  readonly occurredAt: number | null
  /** The body as JSON; undefined where it is none. Amounts in it are not for posting. */
  readonly body: unknown
}

/**
 * Tells a gateway's webhooks from everybody else's. `verify` looks at nothing inside the body before the signature has
 * been checked, keeps nothing of the delivery, and may be called any number of times at once. It throws `not_authentic`
 * (answer 400), and `certificate_unavailable` where it cannot tell at the moment (answer 503: the gateway sends it again).
 */
export interface WebhookVerifier<Webhook extends VerifiedWebhook = VerifiedWebhook> {
  verify(delivery: WebhookDelivery): Promise<Webhook>
}
