import type { Operation } from '../http/operation.js'
import { fullBatchHeader, itemInBatch, itemOnWire, type PayoutBatch, type PayoutItem } from './payout.js'
import { link, type PayPalWorld } from './paypal-world.js'
import { returnItem } from './process-payout.js'
import { payoutRefusal } from './refusal.js'

export const payoutOperations = (world: PayPalWorld): Operation[] => [
  {
    name: 'getPayout',
    method: 'GET',
    path: '/v1/payments/payouts/:id',
    handle({ params, query }) {
      const batch = world.payoutBatches.get(params.id ?? '')
      if (batch === undefined) throw missing()
      return { status: 200, body: pageOf(world, batch, query) }
    },
  },
  {
    name: 'getPayoutItem',
    method: 'GET',
    path: '/v1/payments/payouts-item/:id',
    handle: ({ params }) => ({ status: 200, body: itemOnWire(world, findPayoutItem(world, params.id)) }),
  },
  {
    name: 'cancelPayoutItem',
    method: 'POST',
    path: '/v1/payments/payouts-item/:id/cancel',
    handle({ params }) {
      const item = findPayoutItem(world, params.id)
      if (item.status === 'RETURNED') {
        throw payoutRefusal(400, 'ITEM_ALREADY_CANCELLED', 'The item was already cancelled.')
      }
      if (item.status !== 'UNCLAIMED') {
        throw payoutRefusal(400, 'ITEM_INCORRECT_STATUS', 'You can cancel only an unclaimed item.')
      }
      returnItem(world, item)
      return { status: 200, body: itemOnWire(world, item) }
    },
  },
]

/** The item of an id. Refuses one that is not there. */
function findPayoutItem({ payoutItems }: PayPalWorld, id = ''): PayoutItem {
  const item = payoutItems.get(id)
  if (item === undefined) throw missing()
  return item
}

const missing = () => payoutRefusal(404, 'INVALID_RESOURCE_ID', 'Requested resource ID was not found.')

const DEFAULT_PAGE_SIZE = 1000
const MOST_PAGE_SIZE = 1000

/** One page of a batch. There are no items while it is pending. */
function pageOf(world: PayPalWorld, batch: PayoutBatch, query: URLSearchParams) {
  const page = readCount(query, 'page', 1)
  const size = Math.min(readCount(query, 'page_size', DEFAULT_PAGE_SIZE), MOST_PAGE_SIZE)
  const path = `/v1/payments/payouts/${batch.id}`
  const items = batch.status === 'PENDING' ? [] : batch.items
  const pages = Math.max(1, Math.ceil(items.length / size))
  const at = (number: number) => `${path}?page_size=${size}&page=${number}`
  const counted = query.get('total_required') === 'true'
  return {
    ...(counted ? { total_items: items.length, total_pages: pages } : {}),
    batch_header: fullBatchHeader(batch),
    items: items.slice((page - 1) * size, page * size).map((item) => itemInBatch(world, item)),
    links: [
      link(world, 'self', at(page)),
      ...(page < pages ? [link(world, 'next', at(page + 1)), link(world, 'last', at(pages))] : []),
      ...(page > 1 ? [link(world, 'prev', at(page - 1)), link(world, 'first', at(1))] : []),
    ],
  }
}

function readCount(query: URLSearchParams, name: string, otherwise: number): number {
  const given = query.get(name)
  if (given === null) return otherwise
  if (!/^[1-9]\d{0,5}$/.test(given)) {
    throw payoutRefusal(400, 'VALIDATION_ERROR', 'Invalid request - see details', [
      { field: name, location: 'query', issue: 'Value is invalid' },
    ])
  }
  return Number.parseInt(given, 10)
}
