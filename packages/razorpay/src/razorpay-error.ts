interface Told {
  readonly status: number | null
  readonly code?: string | null | undefined
  readonly reason?: string | null | undefined
  readonly field?: string | null | undefined
  readonly requestId?: string | null | undefined
  readonly retryAfterMs?: number | null | undefined
  readonly body?: string | null | undefined
}

/**
 * What came of a request that Razorpay did not do as asked. Without a `code` nobody knows whether it did it: the
 * connection broke, or the answer was none of Razorpay's.
 */
export class RazorpayError extends Error {
  /** The status of the answer; null where none came. */
  readonly status: number | null
  /** Razorpay's own, such as `BAD_REQUEST_ERROR`; null where the answer had none. */
  readonly code: string | null
  /** Razorpay's reason, such as `insufficient_funds`. */
  readonly reason: string | null
  /** What of the request it is about. */
  readonly field: string | null
  readonly requestId: string | null
  /** How long Razorpay asks to be left alone. */
  readonly retryAfterMs: number | null
  /** The answer as it came. */
  readonly body: string | null

  constructor(message: string, told: Told, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RazorpayError'
    this.status = told.status
    this.code = told.code ?? null
    this.reason = told.reason ?? null
    this.field = told.field ?? null
    this.requestId = told.requestId ?? null
    this.retryAfterMs = told.retryAfterMs ?? null
    this.body = told.body ?? null
  }
}

/** Something that can be sent to Razorpay in no way, and was not: an id that is none, an amount beyond its wire. */
export class Unsendable extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'Unsendable'
  }
}
