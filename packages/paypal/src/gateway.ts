import type { Gateway, GatewayWebhooks } from 'escrow-ledger'
import { createApi, type PayPalApi } from './api.js'
import { voidAuthorization } from './authorizations.js'
import { createCallKinds } from './call-kinds.js'
import { createClawbacks } from './clawbacks.js'
import { createDisbursement, type Disbursement, fetchDisbursement } from './disbursements.js'
import { createDisputes, type PayPalDisputes } from './disputes.js'
import { type PayPalGatewayOptions, readGatewayOptions } from './gateway-options.js'
import { createGatewayWebhooks } from './gateway-webhooks.js'
import { operations } from './operations.js'
import { type OwnContext, ownContext } from './own-context.js'
import { fetchPayee, onboardPayee } from './payees.js'
import { fetchPayment } from './payments.js'
import { fetchSettlement, listSettlements, settlementLines } from './settlements.js'
import type { PayPalWebhook } from './webhook.js'
import { stepMinor } from './wire-money.js'

/** PayPal as the ledger uses it, and beside that what the ledger has no word for. */
export interface PayPalGateway extends Gateway {
  readonly payments: NonNullable<Gateway['payments']>
  readonly clawbacks: NonNullable<Gateway['clawbacks']>
  readonly settlements: NonNullable<Gateway['settlements']>
  readonly webhooks?: GatewayWebhooks<PayPalWebhook> | undefined
  readonly disputes: PayPalDisputes
  readonly authorizations: {
    /** Lets go of what a payer has authorised. Throws where PayPal does not do it. */
    void(reference: string, context?: OwnContext): Promise<void>
  }
  /** Payments that are held for their sellers: `disbursement: 'DELAYED'` of an order. */
  readonly disbursements: {
    /** Has a payment disbursed. Throws where PayPal does not do it; the same key has one effect for three days. */
    release(asked: { readonly payment: string; readonly key: string }, context?: OwnContext): Promise<Disbursement>
    /** Null where there is none by that reference. */
    fetch(reference: string, context?: OwnContext): Promise<Disbursement | null>
  }
}

/** The adapter of PayPal. Throws `invalid_input` for options that make no sense. */
export function createPayPalGateway(options: PayPalGatewayOptions): PayPalGateway {
  const { client, deadlineMs, partnerId, calls, destinationOf, minimumMinor, webhooks } = readGatewayOptions(options)
  const partner = partnerId === undefined ? null : { clientId: client.clientId, merchantId: partnerId }
  const api = createApi(client, partner)
  const own = (context: OwnContext) => ownContext(context, deadlineMs)
  return {
    operations,
    deadlineMs,
    stepMinor,
    minimumMinor,
    ...(destinationOf ? { destinationOf } : {}),
    ...createCallKinds(api, calls),
    payments: { fetch: (reference, context) => fetchPayment(api, reference, context) },
    clawbacks: createClawbacks(api),
    settlements: {
      fetch: (reference, context) => fetchSettlement(api, reference, context),
      list: (range, context) => listSettlements(api, range, context),
      lines: (range, context) => settlementLines(api, range, context),
    },
    ...(partnerId === undefined ? {} : { payees: payeesOf(api, partnerId) }),
    ...(webhooks === undefined ? {} : { webhooks: createGatewayWebhooks(api, webhooks) }),
    disputes: createDisputes(api),
    authorizations: { void: (reference, context) => voidAuthorization(api, reference, own(context)) },
    disbursements: {
      release: (asked, context) => createDisbursement(api, asked, own(context)),
      fetch: (reference, context) => fetchDisbursement(api, reference, own(context)),
    },
  }
}

const payeesOf = (api: PayPalApi, partnerId: string): NonNullable<Gateway['payees']> => ({
  onboard: (payee, context) => onboardPayee(api, payee, context),
  fetch: (reference, context) => fetchPayee(api, { partnerId, reference }, context),
})
