import type { CallContext, CallOutcome, Gateway, GatewayCall, GatewayWebhooks } from 'escrow-ledger'
import { createApi, NotSent, type PayPalApi } from './api.js'
import { voidAuthorization } from './authorizations.js'
import { askCapture, sendCapture } from './captures.js'
import { askRelease, createDisbursement, type Disbursement, fetchDisbursement, sendRelease } from './disbursements.js'
import { createDisputes, type PayPalDisputes } from './disputes.js'
import { type PayPalGatewayOptions, readGatewayOptions } from './gateway-options.js'
import { createGatewayWebhooks } from './gateway-webhooks.js'
import { operations } from './operations.js'
import { askOrder, type OrdersOptions, sendOrder } from './orders.js'
import { type OwnContext, ownContext } from './own-context.js'
import { fetchPayee, onboardPayee } from './payees.js'
import { fetchPayment } from './payments.js'
import { askPayout, sendPayout } from './payouts.js'
import { askRefund, sendRefund } from './refunds.js'
import { isResourceId } from './resource-id.js'
import { fetchSettlement, listSettlements, settlementLines } from './settlements.js'
import type { PayPalWebhook } from './webhook.js'
import { stepMinor } from './wire-money.js'

/** PayPal as the ledger uses it, and beside that what the ledger has no word for. */
export interface PayPalGateway extends Gateway {
  readonly payments: NonNullable<Gateway['payments']>
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
  const { client, deadlineMs, partnerId, orders, destinationOf, minimumMinor, webhooks } = readGatewayOptions(options)
  const api = createApi(client)
  const own = (context: OwnContext) => ownContext(context, deadlineMs)
  return {
    operations,
    deadlineMs,
    stepMinor,
    minimumMinor,
    ...(destinationOf ? { destinationOf } : {}),
    send: (call, context) => sendCall(api, call, context, orders),
    ask: (call, context) => askCall(api, call, context),
    payments: { fetch: (reference, context) => fetchPayment(api, reference, context) },
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

async function sendCall(
  api: PayPalApi,
  call: GatewayCall,
  context: CallContext,
  orders: OrdersOptions,
): Promise<CallOutcome> {
  const id = idInCall(call)
  if (id !== null && !isResourceId(id)) {
    return { outcome: 'refused', code: 'INVALID_RESOURCE_ID', reason: 'the call names what cannot be an id of PayPal' }
  }
  try {
    return await send(api, call, context, orders)
  } catch (error) {
    if (error instanceof NotSent) return { outcome: 'waiting', reason: error.message }
    throw error
  }
}

/** What the call is about, which becomes a part of the address. */
function idInCall(call: GatewayCall): string | null {
  if (call.kind === 'capture' || call.kind === 'refund') return call.payment
  return call.kind === 'release' ? call.transfer : null
}

async function send(
  api: PayPalApi,
  call: GatewayCall,
  context: CallContext,
  orders: OrdersOptions,
): Promise<CallOutcome> {
  switch (call.kind) {
    case 'order':
      return sendOrder(api, call, context, orders)
    case 'capture':
      return sendCapture(api, call, context)
    case 'refund':
      return sendRefund(api, call, context)
    case 'payout':
      return sendPayout(api, call, context)
    case 'release':
      return sendRelease(api, call, context)
    default:
      return unsupported(call)
  }
}

async function askCall(api: PayPalApi, call: GatewayCall, context: CallContext): Promise<CallOutcome> {
  switch (call.kind) {
    case 'order':
      return askOrder(api, call, context)
    case 'capture':
      return askCapture(api, call, context)
    case 'refund':
      return askRefund(api, call, context)
    case 'payout':
      return askPayout(api, call, context)
    case 'release':
      return askRelease(api, call, context)
    default:
      return unsupported(call)
  }
}

/** The ledger asks for no such thing, since `operations` does not name it. */
function unsupported({ kind }: GatewayCall): CallOutcome {
  return { outcome: 'refused', code: 'UNSUPPORTED', reason: `PayPal makes no ${kind}s` }
}
