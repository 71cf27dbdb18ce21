import { instant, link, type PayPalWorld } from './paypal-world.js'
import { type PurchaseUnit, unitOnWire } from './purchase-unit.js'
import { notFound } from './refusal.js'

/** Who pays. */
export interface Payer {
  readonly payerId: string
  readonly email: string
  readonly givenName: string
  readonly surname: string
  readonly countryCode: string
}

/** What will become of the payments of an order, as the payer's bank would decide it. */
export interface PaymentOutcome {
  readonly status: 'COMPLETED' | 'PENDING' | 'DECLINED'
  /** PayPal's reason, such as ECHECK or PENDING_REVIEW. */
  readonly reason?: string | undefined
}

export interface Order {
  readonly id: string
  readonly intent: 'CAPTURE' | 'AUTHORIZE'
  status: 'CREATED' | 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED' | 'VOIDED'
  readonly units: readonly PurchaseUnit[]
  readonly createdAt: number
  updatedAt: number
  /** From then on it is not found any more, unless it was captured or authorized. */
  expiresAt: number
  payer?: Payer | undefined
  outcome: PaymentOutcome
}

/** The order of an id. Refuses one that is not there, or no longer. */
export function findOrder({ orders, now }: PayPalWorld, id = ''): Order {
  const order = orders.get(id)
  if (order === undefined || (order.status !== 'COMPLETED' && order.expiresAt <= now())) throw notFound()
  return order
}

const payerOnWire = ({ payerId, email, givenName, surname, countryCode }: Payer) => ({
  email_address: email,
  payer_id: payerId,
  name: { given_name: givenName, surname },
  address: { country_code: countryCode },
})

const sourceOnWire = ({ payerId, email, givenName, surname, countryCode }: Payer) => ({
  paypal: {
    email_address: email,
    account_id: payerId,
    account_status: 'VERIFIED',
    name: { given_name: givenName, surname },
    address: { country_code: countryCode },
  },
})

/** An order as PayPal shows it. */
export function orderOnWire(world: PayPalWorld, order: Order) {
  const { payer } = order
  return {
    id: order.id,
    intent: order.intent,
    status: order.status,
    ...(payer === undefined ? {} : { payment_source: sourceOnWire(payer), payer: payerOnWire(payer) }),
    purchase_units: order.units.map((unit) => unitOnWire(world, unit)),
    create_time: instant(order.createdAt),
    update_time: instant(order.updatedAt),
    links: orderLinks(world, order),
  }
}

/** The little that PayPal answers unless `Prefer: return=representation` asks for more. */
export const orderInBrief = (world: PayPalWorld, order: Order) => ({
  id: order.id,
  status: order.status,
  links: orderLinks(world, order),
})

function orderLinks(world: PayPalWorld, { id, status, intent }: Order) {
  const self = link(world, 'self', `/v2/checkout/orders/${id}`)
  const approval = `/checkoutnow?token=${id}`
  if (status === 'PAYER_ACTION_REQUIRED') return [self, link(world, 'payer-action', approval)]
  const act = intent === 'CAPTURE' ? 'capture' : 'authorize'
  const goOn = link(world, act, `/v2/checkout/orders/${id}/${act}`, 'POST')
  if (status === 'CREATED') {
    return [self, link(world, 'approve', approval), link(world, 'update', `/v2/checkout/orders/${id}`, 'PATCH'), goOn]
  }
  return status === 'APPROVED' ? [self, link(world, 'update', `/v2/checkout/orders/${id}`, 'PATCH'), goOn] : [self]
}
