import type { SandboxRequest } from '../http/operation.js'
import { findMerchant, type Merchant, platformOf } from './merchant.js'
import type { PayPalWorld } from './paypal-world.js'
import { forbidden } from './refusal.js'

/**
 * The account that a request is about: the caller's own, or that of a seller whom `PayPal-Auth-Assertion` names, an unsigned
 * token with `payer_id` or `email`. Refuses a seller who has not let the platform act in its name.
 */
export function actingFor(world: PayPalWorld, request: SandboxRequest): Merchant {
  const assertion = request.headers['paypal-auth-assertion']
  if (typeof assertion !== 'string') return platformOf(world)
  const merchant = findMerchant(world, readSubject(assertion))
  if (merchant === undefined || !merchant.consent) throw forbidden()
  return merchant
}

function readSubject(assertion: string): { merchantId?: string | undefined; email?: string | undefined } {
  try {
    const payload: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    const { payer_id: merchantId, email } = payload as { payer_id?: string; email?: string }
    return { merchantId, email }
  } catch {
    throw forbidden()
  }
}
