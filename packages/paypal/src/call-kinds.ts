import type { CallContext, CallOutcome, Gateway, GatewayCall } from 'escrow-ledger'
import { NotSent, type PayPalApi } from './api.js'
import { askCapture, sendCapture } from './captures.js'
import { askRelease, sendRelease } from './disbursements.js'
import { askOrder, type OrdersOptions, sendOrder } from './orders.js'
import { createPayoutBatches } from './payout-batches.js'
import { askPayout, sendPayout } from './payouts.js'
import { askRefund, type RefundsOptions, sendRefund } from './refunds.js'
import { isResourceId } from './resource-id.js'
import { askTransfer } from './transfers.js'

/** How a call is made, and how it is asked about. */
interface Verbs {
  send(): Promise<CallOutcome>
  ask(): Promise<CallOutcome>
}

/** All kinds of calls that PayPal takes. */
export function createCallKinds(
  api: PayPalApi,
  options: OrdersOptions & RefundsOptions,
): Pick<Gateway, 'send' | 'ask' | 'payoutBatches'> {
  const payoutBatches = createPayoutBatches(api)
  const verbsOf = (call: GatewayCall, context: CallContext): Verbs => {
    switch (call.kind) {
      case 'order':
        return { send: () => sendOrder(api, call, context, options), ask: () => askOrder(api, call, context) }
      case 'capture':
        return { send: () => sendCapture(api, call, context), ask: () => askCapture(api, call, context) }
      case 'refund':
        return { send: () => sendRefund(api, call, context, options), ask: () => askRefund(api, call, context) }
      case 'payout':
        return {
          send: () => sendPayout(api, payoutBatches, call, context),
          ask: () => askPayout(payoutBatches, call, context),
        }
      case 'release':
        return { send: () => sendRelease(api, call, context), ask: () => askRelease(api, call, context) }
      case 'transfer':
        return { ...unsupported(call), ask: () => askTransfer(api, call, context) }
      default:
        return unsupported(call)
    }
  }
  return {
    payoutBatches,
    ask: (call, context) => verbsOf(call, context).ask(),
    async send(call, context) {
      const id = idInCall(call)
      if (id !== null && !isResourceId(id)) {
        const reason = 'the call names what cannot be an id of PayPal'
        return { outcome: 'refused', code: 'INVALID_RESOURCE_ID', reason }
      }
      try {
        return await verbsOf(call, context).send()
      } catch (error) {
        if (error instanceof NotSent) return { outcome: 'waiting', reason: error.message }
        throw error
      }
    },
  }
}

/** What the call is about, which becomes a part of the address. */
function idInCall(call: GatewayCall): string | null {
  if (call.kind === 'capture' || call.kind === 'refund') return call.payment
  return call.kind === 'release' ? call.transfer : null
}

/** The ledger asks for no such thing: `operations` says that it comes with payments and refunds. */
function unsupported({ kind }: GatewayCall): Verbs {
  const refuse = async (): Promise<CallOutcome> => ({
    outcome: 'refused',
    code: 'UNSUPPORTED',
    reason: `PayPal makes no ${kind}s by themselves`,
  })
  return { send: refuse, ask: refuse }
}
