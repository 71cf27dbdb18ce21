import type { Operation, SandboxRequest } from '../http/operation.js'
import { answerCollection, answerItems, collection } from './collection.js'
import { checkCurrency } from './currency.js'
import type { Desk } from './desk.js'
import {
  isObject,
  type Json,
  notesEntity,
  readAmount,
  readBody,
  readFlag,
  readNotes,
  readOptionalText,
  readText,
} from './fields.js'
import { paymentEntity } from './payment-entity.js'
import type { Order } from './records.js'
import { toSubunits } from './subunits.js'
import { transferEntity } from './transfer-entity.js'
import { addOrderTransfers, readTransfers } from './transfer-requests.js'

const allowed = [
  ...['amount', 'currency', 'receipt', 'notes', 'partial_payment', 'first_payment_min_amount', 'payment_capture'],
  ...['payment', 'transfers', 'method', 'bank_account', 'customer_id', 'offers', 'discount', 'customer_details'],
]

export const orderOperations = (desk: Desk): Operation[] => [
  { name: 'createOrder', method: 'POST', path: '/v1/orders', handle: (request) => createOrder(desk, request) },
  { name: 'listOrders', method: 'GET', path: '/v1/orders', handle: (request) => listOrders(desk, request) },
  { name: 'fetchOrder', method: 'GET', path: '/v1/orders/:id', handle: (request) => fetchOrder(desk, request) },
  { name: 'updateOrder', method: 'PATCH', path: '/v1/orders/:id', handle: (request) => updateOrder(desk, request) },
  {
    name: 'listOrderPayments',
    method: 'GET',
    path: '/v1/orders/:id/payments',
    handle({ params }) {
      const { id } = desk.store.orders.get(params.id ?? '')
      return answerItems(desk.store.payments.where(({ orderId }) => orderId === id).map(paymentEntity))
    },
  },
]

/**
 * Razorpay's documents ask for a receipt of its own for each order. Whether a second order with the same is refused they do
 * not say, and it is not here, so that whoever sends an order twice without looking finds out.
 */
function createOrder(desk: Desk, request: SandboxRequest) {
  const body = readBody(request, allowed)
  const amountMinor = readAmount(body)
  const currency = readText(body, 'currency')
  checkCurrency(desk.settings, currency, amountMinor)
  const receipt = readOptionalText(body, 'receipt', { most: 40 }) ?? null
  const partialPayment = readFlag(body, 'partial_payment') ?? false
  const automaticCapture = readCapture(desk, body)
  const notes = readNotes(body)
  const transfers = readTransfers(desk, body.transfers ?? [], { limitMinor: amountMinor, of: 'order' })
  const order: Order = {
    ...{ id: desk.newId('orders'), createdAt: desk.seconds(), notes, amountMinor, currency, receipt },
    ...{ partialPayment, automaticCapture, amountPaidMinor: 0n, status: 'created', attempts: 0 },
  }
  desk.store.orders.add(order)
  const added = addOrderTransfers(desk, order, transfers)
  const entity = orderEntity(order)
  if (added.length === 0) return { status: 200, body: entity }
  return { status: 200, body: { ...entity, transfers: added.map(transferEntity) } }
}

/** `payment_capture`, or the newer `payment: { capture }`, or what the account is set to. */
function readCapture({ settings }: Desk, body: Json): boolean {
  const flag = readFlag(body, 'payment_capture')
  if (flag !== undefined) return flag
  if (isObject(body.payment) && typeof body.payment.capture === 'string') return body.payment.capture === 'automatic'
  return settings.capture === 'automatic'
}

function listOrders(desk: Desk, request: SandboxRequest) {
  const receipt = request.query.get('receipt')
  const matching = desk.store.orders.where((order) => !receipt || order.receipt === receipt)
  return answerCollection(request, matching, orderEntity)
}

function fetchOrder({ store }: Desk, { params, query }: SandboxRequest) {
  const order = store.orders.get(params.id ?? '')
  const entity = orderEntity(order)
  if (!query.getAll('expand[]').includes('transfers')) return { status: 200, body: entity }
  const transfers = store.transfers.where(({ source }) => source === order.id)
  return { status: 200, body: { ...entity, transfers: collection(transfers.map(transferEntity)) } }
}

function updateOrder({ store }: Desk, request: SandboxRequest) {
  const order = store.orders.get(request.params.id ?? '')
  order.notes = readNotes(readBody(request, ['notes']))
  return { status: 200, body: orderEntity(order) }
}

export const orderEntity = (order: Order) => ({
  id: order.id,
  entity: 'order',
  amount: toSubunits(order.amountMinor),
  amount_paid: toSubunits(order.amountPaidMinor),
  amount_due: toSubunits(order.amountMinor - order.amountPaidMinor),
  currency: order.currency,
  receipt: order.receipt,
  offer_id: null,
  status: order.status,
  attempts: order.attempts,
  notes: notesEntity(order.notes),
  created_at: order.createdAt,
})
