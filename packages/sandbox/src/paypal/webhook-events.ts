import type { Operation } from '../http/operation.js'
import type { World } from '../world/world.js'
import { link, type PayPalWorld, type ToldEvent } from './paypal-world.js'
import { malformed, notFound } from './refusal.js'

const path = '/v1/notifications/webhooks-events'
const DEFAULT_PAGE_SIZE = 10
const MOST_PAGE_SIZE = 300

/** What was told, for those whom a delivery did not reach. */
export const eventOperations = (world: PayPalWorld, deliver: World['deliver']): Operation[] => [
  {
    name: 'listWebhookEvents',
    method: 'GET',
    path,
    handle({ query }) {
      const events = [...world.events.values()].reverse().filter(filterOf(query)).slice(0, readSize(query))
      return { status: 200, body: { events, count: events.length, links: [link(world, 'self', `${path}?${query}`)] } }
    },
  },
  {
    name: 'getWebhookEvent',
    method: 'GET',
    path: `${path}/:id`,
    handle: ({ params }) => ({ status: 200, body: findEvent(world, params.id) }),
  },
  {
    name: 'resendWebhookEvent',
    method: 'POST',
    path: `${path}/:id/resend`,
    handle({ params }) {
      const event = findEvent(world, params.id)
      deliver({ id: event.id, event: event.event_type, body: event })
      return { status: 202, body: event }
    },
  },
]

function findEvent({ events }: PayPalWorld, id = ''): ToldEvent {
  const event = events.get(id)
  if (event === undefined) throw notFound()
  return event
}

function filterOf(query: URLSearchParams): (event: ToldEvent) => boolean {
  const [from, to] = [readTime(query, 'start_time'), readTime(query, 'end_time')]
  const [type, transaction] = [query.get('event_type'), query.get('transaction_id')]
  return ({ create_time, event_type, resource }) =>
    (from === undefined || Date.parse(create_time) >= from) &&
    (to === undefined || Date.parse(create_time) <= to) &&
    (type === null || event_type === type) &&
    (transaction === null || resource.id === transaction)
}

function readSize(query: URLSearchParams): number {
  const value = query.get('page_size')
  if (value === null) return DEFAULT_PAGE_SIZE
  const size = /^\d{1,4}$/.test(value) ? Number.parseInt(value, 10) : 0
  if (size < 1) throw malformed('INVALID_PARAMETER_VALUE', { field: 'page_size', value, location: 'query' })
  return Math.min(size, MOST_PAGE_SIZE)
}

function readTime(query: URLSearchParams, field: string): number | undefined {
  const value = query.get(field)
  if (value === null) return undefined
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw malformed('INVALID_PARAMETER_SYNTAX', { field, value, location: 'query' })
  return at
}
