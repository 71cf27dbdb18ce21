import type { VerifiedWebhook } from 'escrow-ledger'
import type { Transmission } from './transmission.js'

/**
 * A webhook that PayPal transmitted, if not with these very bytes: of the body **only a CRC-32 is signed**, and whoever
 * has seen one delivery can write another body with the same. Nothing in it is a fact before the API has said so.
 */
export interface PayPalWebhook extends VerifiedWebhook {
  readonly gateway: 'paypal'
  /** `WH-…`, the same for each attempt to deliver an event. */
  readonly eventId: string | null
  /** Signed as it stands, unlike what is in the body. */
  readonly transmissionId: string
  /** When PayPal transmitted it, in milliseconds since 1970. Signed as well. */
  readonly transmittedAt: number
}

/** Reads a body whose signature is right. One that is not understood is known by its transmission alone. */
export function readWebhook(body: unknown, { id, at }: Transmission): PayPalWebhook {
  const event = isObject(body) ? body : {}
  const eventId = textOf(event.id)
  const createdAt = Date.parse(textOf(event.create_time) ?? '')
  return {
    gateway: 'paypal',
    type: textOf(event.event_type),
    dedupeKeys: [`transmission:${id}`, ...(eventId === null ? [] : [`event:${eventId}`])],
    occurredAt: Number.isNaN(createdAt) ? null : createdAt,
    eventId,
    transmissionId: id,
    transmittedAt: at,
    body,
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
