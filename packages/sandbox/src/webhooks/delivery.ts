import type { GatewayName } from '../http/faults.js'

/** A webhook on its way. */
export interface Delivery {
  readonly id: string
  readonly gateway: GatewayName
  readonly event: string
  /** The bytes that are signed and sent. */
  readonly rawBody: string
  /** When the gateway told it, in milliseconds. */
  readonly createdAt: number
  /** Before this instant it does not leave: later than `createdAt` where it was planned to be late. */
  readonly dueAt: number
  /** Tries so far. */
  readonly attempts: number
  /** `pending` until a receiver answered 2xx; `lost` on purpose; `given up` after the last retry. */
  readonly state: 'pending' | 'delivered' | 'lost' | 'given up'
  /** The headers of the next attempt. */
  headers(): Record<string, string>
}

/** How one gateway delivers. */
export interface Channel {
  readonly gateway: GatewayName
  newDeliveryId(): string
  sign(webhook: { rawBody: Buffer; id: string; attempt: number }): Record<string, string>
  /** Waits between attempts in milliseconds; after the last it gives up. */
  readonly retryDelaysMs: readonly number[]
  /** How long it waits for an answer, in real milliseconds. */
  readonly timeoutMs: number
}

/** What goes wrong with a delivery. */
export type DeliveryFault =
  /** It is delivered twice under one id. */
  | { readonly kind: 'duplicate' }
  /** It leaves late, by the sandbox's clock. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It leaves after the next one of the same gateway, or with `deliverAll`. */
  | { readonly kind: 'reorder' }
  | { readonly kind: 'lose' }

export interface DeliveryFaultPlan {
  readonly gateway?: GatewayName | undefined
  /** `payment.captured`; any event unless given. */
  readonly event?: string | undefined
  readonly fault: DeliveryFault
  /** How many deliveries it strikes, 1 unless given. */
  readonly times?: number | undefined
}
