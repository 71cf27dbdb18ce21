import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import type { Line } from './books.js'
import { answerCollection, answerItems, readPage } from './collection.js'
import type { Desk } from './desk.js'
import { badRequest } from './refusal.js'
import { settlementEntity } from './settlement-entity.js'
import { toSubunits } from './subunits.js'

export const settlementOperations = (desk: Desk): Operation[] => [
  {
    name: 'listSettlements',
    method: 'GET',
    path: '/v1/settlements',
    handle(request) {
      const own = desk.store.settlements.where(({ accountId }) => accountId === desk.settings.accountId)
      return answerCollection(request, own, settlementEntity)
    },
  },
  {
    name: 'fetchSettlement',
    method: 'GET',
    path: '/v1/settlements/:id',
    handle: ({ params }) => ({ status: 200, body: settlementEntity(desk.store.settlements.get(params.id ?? '')) }),
  },
  {
    name: 'fetchRecon',
    method: 'GET',
    path: '/v1/settlements/recon/combined',
    handle: (request) => fetchRecon(desk, request),
  },
]

/**
 * The rows that were settled in a month or on a day. Days are those of India here; Razorpay's documents do not say.
 */
function fetchRecon(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const prefix = readDay(request.query)
  const { count, skip } = readPage(request, 1000)
  const rows = desk.books
    .lines()
    .filter(({ settledAt }) => settledAt !== null && indianDay(settledAt).startsWith(prefix))
  return answerItems(rows.slice(skip, skip + count).map((line) => rowEntity(desk, line)))
}

const indianDay = (seconds: number): string => new Date((seconds + 5.5 * 3600) * 1000).toISOString().slice(0, 10)

function readDay(query: URLSearchParams): string {
  const [year = '', month = '', day = ''] = ['year', 'month', 'day'].map((name) => query.get(name) ?? '')
  if (!/^\d{4}$/.test(year)) throw badRequest('The year must be 4 digits.', { field: 'year' })
  if (!/^(0?[1-9]|1[0-2])$/.test(month)) throw badRequest('The month is not a valid month.', { field: 'month' })
  if (day !== '' && !/^\d{1,2}$/.test(day)) {
    throw badRequest('The day must be between 1 and 2 digits.', { field: 'day' })
  }
  const parts = [year, month.padStart(2, '0'), ...(day === '' ? [] : [day.padStart(2, '0')])]
  return parts.join('-')
}

function rowEntity({ store }: Desk, line: Line) {
  const paymentId = line.type === 'payment' ? line.entityId : line.paymentId
  const payment = paymentId === null ? undefined : store.payments.find(paymentId)
  const order = payment && store.orders.find(payment.orderId)
  const settlement = line.settlementId === null ? undefined : store.settlements.find(line.settlementId)
  const told = ['payment', 'refund'].includes(line.type)
  return {
    entity_id: line.entityId,
    type: line.type,
    debit: toSubunits(line.debitMinor),
    credit: toSubunits(line.creditMinor),
    amount: toSubunits(line.amountMinor),
    currency: 'INR',
    fee: toSubunits(line.feeMinor),
    tax: toSubunits(line.taxMinor),
    on_hold: false,
    settled: true,
    created_at: line.createdAt,
    settled_at: line.settledAt,
    settlement_id: line.settlementId,
    posted_at: null,
    credit_type: 'default',
    description: line.description,
    notes: told ? JSON.stringify(notesOf(store, line)) : null,
    payment_id: line.type === 'payment' ? null : line.paymentId,
    settlement_utr: settlement?.utr ?? null,
    order_id: told ? (order?.id ?? null) : null,
    order_receipt: told ? (order?.receipt ?? null) : null,
    method: told ? (payment?.method ?? null) : null,
    card_network: null,
    card_issuer: null,
    card_type: null,
    dispute_id: line.disputeId,
  }
}

const notesOf = (store: Desk['store'], { type, entityId }: Line) =>
  (type === 'payment' ? store.payments.find(entityId) : store.refunds.find(entityId))?.notes ?? {}
