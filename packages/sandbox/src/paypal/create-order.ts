import type { Operation, SandboxRequest } from '../http/operation.js'
import { readFields } from './fields.js'
import { type Order, orderInBrief, orderOnWire } from './order.js'
import type { PayPalWorld } from './paypal-world.js'
import { readPurchaseUnits } from './purchase-unit.js'
import { malformed, unprocessable } from './refusal.js'
import { wantsRepresentation } from './request-keys.js'

/** Keys of the Orders API are kept for six hours. */
export const ORDER_KEY_MS = 6 * 3_600_000

export const createOrder = (world: PayPalWorld): Operation => ({
  name: 'createOrder',
  method: 'POST',
  path: '/v2/checkout/orders',
  handle: (request) =>
    world.keys.once(request, { operation: 'createOrder', keptMs: ORDER_KEY_MS }, () => {
      const order = readOrder(world, request.json())
      world.orders.set(order.id, order)
      const body = (asked: SandboxRequest) =>
        wantsRepresentation(asked) ? orderOnWire(world, order) : orderInBrief(world, order)
      return {
        first: { status: 201, body: body(request) },
        answerAgain: (again) => ({ status: 200, body: body(again) }),
      }
    }),
})

function readOrder(world: PayPalWorld, body: unknown): Order {
  const fields = readFields(body)
  const intent = fields.requiredText('intent', { oneOf: ['CAPTURE', 'AUTHORIZE'] })
  const list = fields.list('purchase_units', { min: 1, max: 10 })
  if (list === undefined) throw malformed('MISSING_REQUIRED_PARAMETER', { field: '/purchase_units' })
  const units = readPurchaseUnits(world, list)
  if (intent === 'AUTHORIZE' && units.length > 1) {
    throw unprocessable('UNSUPPORTED_INTENT', { field: '/intent', value: intent, location: 'body' })
  }
  const now = world.now()
  return {
    id: world.newId(),
    intent: intent === 'AUTHORIZE' ? 'AUTHORIZE' : 'CAPTURE',
    status: fields.object('payment_source') === undefined ? 'CREATED' : 'PAYER_ACTION_REQUIRED',
    units,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + world.settings.orderLifetimeMs,
    outcome: { status: 'COMPLETED' },
  }
}
