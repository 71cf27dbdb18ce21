import type { Operation } from '../http/operation.js'
import { findOrder, orderOnWire } from './order.js'
import type { PayPalWorld } from './paypal-world.js'

export const getOrder = (world: PayPalWorld): Operation => ({
  name: 'getOrder',
  method: 'GET',
  path: '/v2/checkout/orders/:id',
  handle: ({ params }) => ({ status: 200, body: orderOnWire(world, findOrder(world, params.id)) }),
})
