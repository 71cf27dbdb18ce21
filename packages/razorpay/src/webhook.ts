import { createHash } from 'node:crypto'
import type { OpenDelivery, VerifiedWebhook } from 'escrow-ledger'

/** Something that an event is about, as the event has it. */
export interface RazorpayEntity {
  /** `payment`, `order`, `refund`, … */
  readonly kind: string
  readonly id: string
  readonly status: string | null
}

/** A webhook of which Razorpay signed the whole body. */
export interface RazorpayWebhook extends VerifiedWebhook {
  readonly gateway: 'razorpay'
  /** What it is about, in the order of the body; empty where the body is not of the shape that is known. */
  readonly entities: readonly RazorpayEntity[]
  /** The account that it happened in, a linked account perhaps. */
  readonly accountId: string | null
  /**
   * `x-razorpay-event-id`, the same for each attempt to deliver an event. It is **not signed**: whoever has a genuine
   * delivery can send it again under another. Drop nothing because of it alone.
   */
  readonly deliveryId: string | null
}

/** Reads a body whose signature is right. One that is not understood is still Razorpay's, and is known by its bytes alone. */
export function readWebhook({ rawBody, json, optionalHeader }: OpenDelivery): RazorpayWebhook {
  const deliveryId = optionalHeader('X-Razorpay-Event-Id')
  const body = json()
  const event = isObject(body) ? body : {}
  const type = textOf(event.event)
  const entities = entitiesOf(event.payload)
  return {
    gateway: 'razorpay',
    type,
    entities,
    dedupeKeys: [type !== null && entities.length > 0 ? entityKey(type, entities) : digestKey(rawBody)],
    occurredAt: typeof event.created_at === 'number' ? event.created_at * 1000 : null,
    accountId: textOf(event.account_id),
    deliveryId,
    body,
  }
}

/**
 * `order.paid order:order_1:paid payment:pay_1:captured`: Razorpay puts no id of the event in the body, so what happened
 * to what, and the status after it, stand for it. An event that changes something else (`payout.updated` with a bank's
 * reference, say) has the key of the one before it: polling finds what it would have told.
 */
function entityKey(type: string, entities: readonly RazorpayEntity[]): string {
  const parts = entities.map(({ kind, id, status }) => `${kind}:${id}:${status ?? ''}`)
  return [type, ...parts.sort()].join(' ')
}

const digestKey = (rawBody: Uint8Array): string => `sha256:${createHash('sha256').update(rawBody).digest('hex')}`

/** `{ payment: { entity: { id, status } }, order: { entity: … } }` */
function entitiesOf(payload: unknown): RazorpayEntity[] {
  if (!isObject(payload)) return []
  return Object.entries(payload).flatMap(([kind, held]) => {
    const entity = isObject(held) && isObject(held.entity) ? held.entity : {}
    const id = textOf(entity.id)
    return id === null ? [] : [{ kind, id, status: textOf(entity.status) }]
  })
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
