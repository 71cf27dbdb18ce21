import type { NewId } from './seeded-ids.js'

/** An event of which a gateway tells. */
export interface Webhook {
  readonly event: string
  /** The body of the delivery, as JSON. */
  readonly body: unknown
  /** What identifies the event where the gateway gives it an id before the delivery; made up otherwise. */
  readonly id?: string | undefined
}

/** What a gateway lives in. */
export interface World {
  readonly clock: { now(): number }
  readonly newId: NewId
  /** Does something at an instant, in milliseconds, when the clock gets there. */
  schedule(at: number, what: () => void): void
  deliver(webhook: Webhook): void
}
