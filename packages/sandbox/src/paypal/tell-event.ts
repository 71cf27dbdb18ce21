import type { World } from '../world/world.js'
import { link, type PayPalEvent, type PayPalWorld, type ToldEvent } from './paypal-world.js'
import type { WebhookSigner } from './webhook-signer.js'

/** Delivers an event to the webhook that deliveries are signed for, if it is there and has asked for such events. */
export function tellEvent(
  world: PayPalWorld,
  deliver: World['deliver'],
  signer: WebhookSigner,
  event: PayPalEvent,
): void {
  const id = `WH-${world.newId(17)}-${world.newId(17)}`
  const body = {
    id,
    event_version: '1.0',
    create_time: new Date(world.now()).toISOString(),
    resource_type: event.resourceType,
    resource_version: '2.0',
    event_type: event.type,
    summary: event.summary,
    // As it is now: the resource goes on changing before the event is delivered.
    resource: JSON.parse(JSON.stringify(event.resource)) as ToldEvent['resource'],
    links: [
      link(world, 'self', `/v1/notifications/webhooks-events/${id}`),
      link(world, 'resend', `/v1/notifications/webhooks-events/${id}/resend`, 'POST'),
    ],
  }
  world.events.set(id, body)
  const webhook = world.webhooks.get(signer.webhookId)
  const isWanted = webhook?.eventTypes.some((type) => type === '*' || type === event.type)
  if (isWanted) deliver({ id, event: event.type, body })
}
