import type { Merchant } from './merchant.js'
import { type Money, onWire } from './money.js'
import { instant, link, type PayPalWorld } from './paypal-world.js'
import type { PaymentInstruction } from './purchase-unit.js'
import { notFound } from './refusal.js'
import { DAY_MS } from './settings.js'

/** An amount that the payer's bank keeps for the payee. */
export interface Authorization {
  readonly id: string
  readonly orderId: string
  readonly payee: Merchant
  readonly amount: Money
  status: 'CREATED' | 'CAPTURED' | 'DENIED' | 'PARTIALLY_CAPTURED' | 'VOIDED' | 'PENDING'
  readonly instruction: PaymentInstruction
  readonly customId?: string | undefined
  readonly invoiceId?: string | undefined
  /** The authorization that this one takes the place of. */
  readonly parentId?: string | undefined
  capturedMinor: bigint
  readonly createdAt: number
  updatedAt: number
  readonly expiresAt: number
}

/** Authorized amounts can be captured for so long. */
const AUTHORIZATION_MS = 29 * DAY_MS

/** The authorization of an id. Refuses one that is not there. */
export function findAuthorization({ authorizations }: PayPalWorld, id = ''): Authorization {
  const authorization = authorizations.get(id)
  if (authorization === undefined) throw notFound()
  return authorization
}

/** Authorizes an amount; nothing refuses any more. */
export function makeAuthorization(
  world: PayPalWorld,
  request: Pick<
    Authorization,
    'orderId' | 'payee' | 'amount' | 'instruction' | 'customId' | 'invoiceId' | 'parentId'
  > & { readonly expiresAt?: number },
  status: 'CREATED' | 'DENIED' | 'PENDING',
): Authorization {
  const now = world.now()
  const authorization: Authorization = {
    id: world.newId(),
    ...request,
    status,
    capturedMinor: 0n,
    createdAt: now,
    updatedAt: now,
    expiresAt: request.expiresAt ?? now + AUTHORIZATION_MS,
  }
  world.authorizations.set(authorization.id, authorization)
  if (status === 'CREATED') tellAuthorization(world, authorization, 'CREATED')
  return authorization
}

export function tellAuthorization(world: PayPalWorld, authorization: Authorization, what: 'CREATED' | 'VOIDED'): void {
  world.tell({
    type: `PAYMENT.AUTHORIZATION.${what}`,
    resourceType: 'authorization',
    resource: {
      ...authorizationOnWire(world, authorization),
      supplementary_data: { related_ids: { order_id: authorization.orderId } },
    },
    summary: `A payment authorization was ${what.toLowerCase()}`,
  })
}

export function authorizationOnWire(world: PayPalWorld, authorization: Authorization) {
  return {
    id: authorization.id,
    status: authorization.status,
    ...(authorization.status === 'PENDING' ? { status_details: { reason: 'PENDING_REVIEW' } } : {}),
    amount: onWire(authorization.amount),
    invoice_id: authorization.invoiceId,
    custom_id: authorization.customId,
    seller_protection: {
      status: 'ELIGIBLE',
      dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'],
    },
    expiration_time: instant(authorization.expiresAt),
    create_time: instant(authorization.createdAt),
    update_time: instant(authorization.updatedAt),
    links: authorizationLinks(world, authorization),
  }
}

export const authorizationInBrief = (world: PayPalWorld, authorization: Authorization) => ({
  id: authorization.id,
  status: authorization.status,
  links: authorizationLinks(world, authorization),
})

function authorizationLinks(world: PayPalWorld, { id, orderId }: Authorization) {
  const path = `/v2/payments/authorizations/${id}`
  return [
    link(world, 'self', path),
    link(world, 'capture', `${path}/capture`, 'POST'),
    link(world, 'void', `${path}/void`, 'POST'),
    link(world, 'reauthorize', `${path}/reauthorize`, 'POST'),
    link(world, 'up', `/v2/checkout/orders/${orderId}`),
  ]
}
