import type { Subject } from '../gateways/subject.js'
import type { RecordKind } from '../journal/records.js'

/**
 * received → applied; waiting (what it is about is not known here yet, or the gateway did not answer: tried again);
 * ignored (nothing that the ledger keeps); dead (given up: an operator looks, and can have it tried again).
 */
export const webhookStates = ['received', 'waiting', 'applied', 'ignored', 'dead'] as const
export type WebhookState = (typeof webhookStates)[number]

/**
 * A webhook whose signature was right. Its body is the one thing that is kept raw, names and addresses of payers included:
 * a signature fits nothing else, and whoever verifies or reads it again needs all of it.
 */
export interface KeptWebhook {
  /** `<gateway>:<dedupe key>`: a delivery that shares a key with an earlier one repeats it. */
  readonly id: string
  /** Where this is only another name of a delivery, its id; everything else stands there. */
  readonly sameAs: string | null
  readonly gateway: string
  readonly type: string | null
  readonly state: WebhookState
  /** The body as it arrived: text, or `hex:` and its bytes where it is none that a database takes. */
  readonly body: string
  readonly subjects: readonly Subject[]
  /** Why it is in its state, where there is a reason. */
  readonly reason: string | null
  readonly attempts: number
  /** When it is looked at next; null when nothing is left to do. */
  readonly nextAt: number | null
  readonly occurredAt: number | null
  readonly receivedAt: number
  readonly changedAt: number
  readonly revision: number
}

export const webhooks: RecordKind<KeptWebhook> = { name: 'webhooks', keyOf: (webhook) => webhook.id }
