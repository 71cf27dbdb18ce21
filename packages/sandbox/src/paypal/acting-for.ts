import type { SandboxRequest } from '../http/operation.js'
import { findMerchant, type Merchant, platformOf } from './merchant.js'
import type { PayPalWorld } from './paypal-world.js'
import { forbidden } from './refusal.js'

/**
 * The account that a request is about: the caller's own, or that of a seller whom `PayPal-Auth-Assertion` names, an unsigned
 * token of the caller's (`iss`) with `payer_id` or `email`. Refuses a seller who has not let the platform act in its name.
 */
export function actingFor(world: PayPalWorld, request: SandboxRequest): Merchant {
  const assertion = request.headers['paypal-auth-assertion']
  if (typeof assertion !== 'string') return platformOf(world)
  const { issuer, ...subject } = readAssertion(assertion)
  const merchant = findMerchant(world, subject)
  if (issuer !== world.settings.clientId || merchant === undefined || !merchant.consent) throw forbidden()
  return merchant
}

function readAssertion(assertion: string) {
  try {
    const payload: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    const { iss: issuer, payer_id: merchantId, email } = payload as { iss?: string; payer_id?: string; email?: string }
    return { issuer, merchantId, email }
  } catch {
    throw forbidden()
  }
}
