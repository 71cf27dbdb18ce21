import type { Operation } from '../http/operation.js'
import { isReceiverAddress } from '../webhooks/receiver-address.js'
import { type Fields, readFields } from './fields.js'
import { link, type PayPalWorld } from './paypal-world.js'
import { malformed, notFound, Refusal } from './refusal.js'

/** Where events are told, and which. */
export interface RegisteredWebhook {
  readonly id: string
  url: string
  /** Names of events; `*` is all of them. */
  eventTypes: readonly string[]
}

const path = '/v1/notifications/webhooks'

/**
 * The webhooks of the account. Deliveries go to one address, that of the webhook registered last, and are signed for its
 * id; `deliverTo` hears of it.
 */
export const webhookOperations = (world: PayPalWorld, deliverTo: (webhook: RegisteredWebhook) => void): Operation[] => [
  {
    name: 'createWebhook',
    method: 'POST',
    path,
    handle(request) {
      const webhook: RegisteredWebhook = { id: world.newId(), ...readWebhook(request.json()) }
      if ([...world.webhooks.values()].some(({ url }) => url === webhook.url)) throw urlTaken()
      world.webhooks.set(webhook.id, webhook)
      deliverTo(webhook)
      return { status: 201, body: webhookOnWire(world, webhook) }
    },
  },
  {
    name: 'listWebhooks',
    method: 'GET',
    path,
    handle: () => ({
      status: 200,
      body: { webhooks: [...world.webhooks.values()].map((webhook) => webhookOnWire(world, webhook)) },
    }),
  },
  {
    name: 'getWebhook',
    method: 'GET',
    path: `${path}/:id`,
    handle: ({ params }) => ({ status: 200, body: webhookOnWire(world, findWebhook(world, params.id)) }),
  },
  {
    name: 'deleteWebhook',
    method: 'DELETE',
    path: `${path}/:id`,
    handle({ params }) {
      world.webhooks.delete(findWebhook(world, params.id).id)
      return { status: 204 }
    },
  },
  {
    name: 'updateWebhook',
    method: 'PATCH',
    path: `${path}/:id`,
    handle(request) {
      const webhook = findWebhook(world, request.params.id)
      const patches = readFields({ patches: request.json() }).list('patches', { min: 1, max: 100 }) ?? []
      const changes = patches.map((patch) => readPatch(webhook, patch))
      for (const change of changes) change()
      if (changes.length > 0) deliverTo(webhook)
      return { status: 200, body: webhookOnWire(world, webhook) }
    },
  },
]

function readWebhook(body: unknown): Omit<RegisteredWebhook, 'id'> {
  const fields = readFields(body)
  return { url: readAddress(fields, 'url'), eventTypes: readTypes(fields, 'event_types') }
}

/** PayPal takes https alone; a receiver on this machine may be without. */
function readAddress(fields: Fields, name: string): string {
  const url = fields.requiredText(name, { max: 2048 })
  if (!isReceiverAddress(url)) throw malformed('INVALID_PARAMETER_SYNTAX', { field: `/${name}`, value: url })
  return url
}

function readTypes(fields: Fields, name: string): string[] {
  const types = fields.list(name, { min: 1, max: 500 })
  if (types === undefined) throw malformed('MISSING_REQUIRED_PARAMETER', { field: `/${name}` })
  return types.map((type) => type.requiredText('name'))
}

/** The address and the types of events can be replaced. */
function readPatch(webhook: RegisteredWebhook, patch: Fields): () => void {
  patch.requiredText('op', { oneOf: ['replace'] })
  if (patch.requiredText('path', { oneOf: ['/url', '/event_types'] }) === '/url') {
    const url = readAddress(patch, 'value')
    return () => {
      webhook.url = url
    }
  }
  const eventTypes = readTypes(patch, 'value')
  return () => {
    webhook.eventTypes = eventTypes
  }
}

function findWebhook({ webhooks }: PayPalWorld, id = ''): RegisteredWebhook {
  const webhook = webhooks.get(id)
  if (webhook === undefined) throw notFound()
  return webhook
}

const urlTaken = () => new Refusal(400, 'WEBHOOK_URL_ALREADY_EXISTS', 'Webhook URL already exists')

const webhookOnWire = (world: PayPalWorld, { id, url, eventTypes }: RegisteredWebhook) => ({
  id,
  url,
  event_types: eventTypes.map((name) => ({ name })),
  links: [link(world, 'self', `${path}/${id}`), link(world, 'delete', `${path}/${id}`, 'DELETE')],
})
