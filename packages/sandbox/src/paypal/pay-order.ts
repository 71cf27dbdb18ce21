import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { makeAuthorization } from './authorization.js'
import { ORDER_KEY_MS } from './create-order.js'
import { readFields } from './fields.js'
import { checkInvoiceId, checkProceeds, makeCapture } from './make-capture.js'
import { findOrder, type Order, orderInBrief, orderOnWire } from './order.js'
import type { PayPalWorld } from './paypal-world.js'
import type { PurchaseUnit } from './purchase-unit.js'
import { unprocessable } from './refusal.js'
import { wantsRepresentation } from './request-keys.js'

/** Takes the payer's money, for orders whose intent is CAPTURE. */
export const captureOrder = (world: PayPalWorld): Operation => ({
  name: 'captureOrder',
  method: 'POST',
  path: '/v2/checkout/orders/:id/capture',
  handle: (request) =>
    payOrder(world, request, 'captureOrder', (order) => {
      if (order.intent !== 'CAPTURE') throw unprocessable('ACTION_DOES_NOT_MATCH_INTENT')
      if (order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_CAPTURED')
      checkApproved(order)
      for (const unit of order.units) checkInvoiceId(world, unit)
      for (const unit of order.units) checkProceeds(world, captureOf(order, unit))
      return () => {
        for (const unit of order.units) unit.captures.push(makeCapture(world, captureOf(order, unit), order.outcome))
      }
    }),
})

/** Has the payer's bank keep the money, for orders whose intent is AUTHORIZE. */
export const authorizeOrder = (world: PayPalWorld): Operation => ({
  name: 'authorizeOrder',
  method: 'POST',
  path: '/v2/checkout/orders/:id/authorize',
  handle: (request) =>
    payOrder(world, request, 'authorizeOrder', (order) => {
      if (order.intent !== 'AUTHORIZE') throw unprocessable('ACTION_DOES_NOT_MATCH_INTENT')
      if (order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_AUTHORIZED')
      checkApproved(order)
      const status = order.outcome.status === 'PENDING' ? 'PENDING' : 'CREATED'
      return () => {
        for (const unit of order.units) {
          unit.authorizations.push(makeAuthorization(world, { ...unit, orderId: order.id }, status))
        }
      }
    }),
})

function payOrder(
  world: PayPalWorld,
  request: SandboxRequest,
  operation: string,
  check: (order: Order) => () => void,
): SandboxAnswer {
  return world.keys.once(request, { operation, keptMs: ORDER_KEY_MS }, () => {
    readFields(request.json())
    const order = findOrder(world, request.params.id)
    const pay = check(order)
    pay()
    order.status = 'COMPLETED'
    order.updatedAt = world.now()
    const body = (asked: SandboxRequest) =>
      wantsRepresentation(asked) ? orderOnWire(world, order) : orderInBrief(world, order)
    return {
      first: { status: 201, body: body(request) },
      answerAgain: (again) => ({ status: 200, body: body(again) }),
    }
  })
}

function checkApproved(order: Order): void {
  if (order.status !== 'APPROVED') throw unprocessable('ORDER_NOT_APPROVED')
  // The bank declines without a payment coming about: the payer may choose another way and approve again.
  if (order.outcome.status === 'DECLINED') throw unprocessable('INSTRUMENT_DECLINED')
}

const captureOf = ({ id }: Order, { instruction, ...unit }: PurchaseUnit) => ({
  orderId: id,
  payee: unit.payee,
  amount: unit.amount,
  customId: unit.customId,
  invoiceId: unit.invoiceId,
  finalCapture: true,
  disbursementMode: instruction.disbursementMode,
  platformFee: instruction.platformFee,
})
