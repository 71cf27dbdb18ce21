import type { Fields } from './fields.js'
import type { PayPalWorld } from './paypal-world.js'
import { unprocessable } from './refusal.js'

/** An account that can be paid: that of the platform, or of a seller who has joined it. */
export interface Merchant {
  readonly merchantId: string
  readonly email: string
  readonly primaryCurrency: string
  /** The platform's own id of the seller. */
  readonly trackingId?: string | undefined
  paymentsReceivable: boolean
  emailConfirmed: boolean
  /** Whether the seller lets the platform act in its name. */
  consent: boolean
}

/** A seller whom the platform has invited. */
export interface Referral {
  readonly id: string
  readonly data: Readonly<Record<string, unknown>>
  readonly trackingId: string
  readonly createdAt: number
  merchantId?: string
}

const merchantPattern = /^[2-9A-HJ-NP-Z]{13}$/

/** The account that a `payee` names, by id or email; undefined where there is none. Refuses one that is not known. */
export function readPayee(world: PayPalWorld, payee: Fields | undefined): Merchant | undefined {
  if (payee === undefined) return undefined
  const merchantId = payee.text('merchant_id', { pattern: merchantPattern })
  const email = payee.text('email_address', { max: 254 })
  if (merchantId === undefined && email === undefined) return undefined
  const found = findMerchant(world, { merchantId, email })
  if (found === undefined || !found.consent)
    throw unprocessable('PAYEE_ACCOUNT_INVALID', { field: payee.at, location: 'body' })
  return found
}

/** Looks for an account by its id, or else by its email. */
export function findMerchant(
  { merchants }: PayPalWorld,
  { merchantId, email }: { readonly merchantId?: string | undefined; readonly email?: string | undefined },
): Merchant | undefined {
  if (merchantId !== undefined) return merchants.get(merchantId)
  return [...merchants.values()].find((each) => each.email === email)
}

/** The account of the API's caller. */
export function platformOf({ merchants, settings }: PayPalWorld): Merchant {
  const platform = merchants.get(settings.merchantId)
  if (platform === undefined) throw new Error('The platform has no account.')
  return platform
}

export const payeeOnWire = ({ email, merchantId }: Merchant) => ({ email_address: email, merchant_id: merchantId })
