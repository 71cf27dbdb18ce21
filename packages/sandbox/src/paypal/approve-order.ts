import { findOrder, type Order, orderOnWire, type Payer, type PaymentOutcome } from './order.js'
import type { PayPalWorld } from './paypal-world.js'

/**
 * The payer agrees to pay an order, and has PayPal tell so. What their bank makes of it is said here too; it shows when the
 * order is captured. Throws `RangeError` for an order that waits for no approval.
 */
export function approveOrder(
  world: PayPalWorld,
  orderId: string,
  {
    payer,
    outcome = { status: 'COMPLETED' },
  }: { readonly payer?: Partial<Payer>; readonly outcome?: PaymentOutcome } = {},
): Order {
  const order = findOrder(world, orderId)
  const isDeclined = order.status === 'APPROVED' && order.outcome.status === 'DECLINED'
  if (order.status !== 'CREATED' && order.status !== 'PAYER_ACTION_REQUIRED' && !isDeclined) {
    throw new RangeError(`The order ${orderId} is ${order.status}.`)
  }
  order.payer = {
    payerId: payer?.payerId ?? world.newMerchantId(),
    email: payer?.email ?? 'payer@sandbox.example',
    givenName: payer?.givenName ?? 'John',
    surname: payer?.surname ?? 'Doe',
    countryCode: payer?.countryCode ?? 'US',
  }
  order.outcome = outcome
  order.status = 'APPROVED'
  order.updatedAt = world.now()
  order.expiresAt = world.now() + world.settings.orderLifetimeMs
  world.tell({
    type: 'CHECKOUT.ORDER.APPROVED',
    resourceType: 'checkout-order',
    resource: orderOnWire(world, order),
    summary: 'An order has been approved by buyer',
  })
  return order
}
