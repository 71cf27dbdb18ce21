import { type GatewayWebhooks, LedgerError, ledgerError } from 'escrow-ledger'
import type { PayPalApi } from './api.js'
import type { PayPalEnvironment } from './certificate-url.js'
import type { GatewayWebhookOptions } from './gateway-options.js'
import { ownContext } from './own-context.js'
import { verifyByApi } from './verify-by-api.js'
import type { PayPalWebhook } from './webhook.js'
import { subjectsOf } from './webhook-subjects.js'
import { createVerifier, type Delivered } from './webhook-verifier.js'

/** PayPal waits for an answer. */
const DEADLINE_MS = 10_000

/**
 * Verifies deliveries offline, and has PayPal say where that decides nothing. What PayPal does not answer is
 * `certificate_unavailable` still, so that the delivery comes again.
 */
export function createGatewayWebhooks(
  api: PayPalApi,
  options: GatewayWebhookOptions & { readonly environment: PayPalEnvironment },
): GatewayWebhooks<PayPalWebhook> {
  const { askPayPal = true } = options

  async function ask(delivered: Delivered, cause: LedgerError): Promise<void> {
    try {
      await verifyByApi(api, delivered, ownContext(undefined, DEADLINE_MS))
    } catch (error) {
      if (error instanceof LedgerError) throw error
      throw undecided(delivered, [cause, error])
    }
  }

  return { ...createVerifier(options, askPayPal ? ask : undefined), subjectsOf }
}

function undecided({ transmission }: Delivered, causes: readonly unknown[]) {
  const reasons = causes.map((each) => (each instanceof Error ? each.message : String(each))).join(' ')
  const message = `Nobody can tell yet whether the delivery is PayPal's, not even PayPal when asked: ${reasons} Answer 503, and PayPal sends it again.`
  const facts = { gateway: 'paypal', url: transmission.certificateUrl }
  return ledgerError('certificate_unavailable', message, facts, { cause: causes.at(-1) })
}
