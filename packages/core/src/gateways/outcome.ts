import type { Money } from '../money/index.js'
import type { GatewayPayment } from './gateway-payment.js'

/** What a gateway took for doing a call. */
export interface CallFee {
  /** The whole fee, tax included. */
  readonly fee: Money
  /** What of it is recoverable tax. */
  readonly tax: Money
}

/** What came of a call. Whatever is not clearly one of the others is `unknown`, which is never treated as refused. */
export type CallOutcome =
  | Accepted
  | Processed
  /** The gateway will not do it, for good. `code` and `requestId` are the gateway's. */
  | {
      readonly outcome: 'refused'
      readonly code: string
      readonly reason: string
      readonly requestId?: string | null | undefined
    }
  /** Not now: a balance, a minimum, a check is missing, or too much was asked. Tried again later, at `retryAt` at the earliest. */
  | { readonly outcome: 'waiting'; readonly reason: string; readonly retryAt?: number | undefined }
  /** Nobody knows: a timeout, a reset, a 5xx, an answer that cannot be read. */
  | { readonly outcome: 'unknown'; readonly reason: string; readonly retryAt?: number | undefined }
  /** Asked about, the gateway knows of no such call: it never arrived. */
  | { readonly outcome: 'absent' }
  /** It came back after it was processed. */
  | {
      readonly outcome: 'reversed'
      readonly reference: string
      readonly reason: string
      readonly at?: number | undefined
    }

/** The gateway has it and will do it; `reference` is what it calls it. */
interface Accepted {
  readonly outcome: 'accepted'
  readonly reference: string | null
  /** Payments that have arrived for an order. */
  readonly payments?: readonly GatewayPayment[] | undefined
  /** What the gateway waits for: an order's payer, or that what was authorised under this reference is captured. */
  readonly awaits?: { readonly capture: string } | 'payer' | undefined
}

/** The gateway has done it: the money has moved. */
interface Processed {
  readonly outcome: 'processed'
  readonly reference: string
  /** When, in milliseconds since 1970. */
  readonly at?: number | undefined
  readonly fee?: CallFee | undefined
  /** The payments of an order, the payment of a capture. */
  readonly payments?: readonly GatewayPayment[] | undefined
  /** Of a refund: what of it the payee's own account gave, where its payment was divided with that. */
  readonly payeePart?: Money | undefined
}
