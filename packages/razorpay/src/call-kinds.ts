import type { CallContext, CallOutcome, GatewayCall, PayoutCall, RefundCall } from 'escrow-ledger'
import type { CallKind } from './call-kind.js'
import { createCaptures } from './captures.js'
import type { RazorpayClient } from './client.js'
import type { Settings } from './options.js'
import { createOrders } from './orders.js'
import { createModeOf } from './payout-mode.js'
import { createPayouts } from './payouts.js'
import { Unsendable } from './razorpay-error.js'
import { createRefunds } from './refunds.js'
import { createReleases } from './releases.js'
import { createReversals } from './reversals.js'
import { createTransfers } from './transfers.js'

/** All kinds of calls as one. */
export function createCallKinds(client: RazorpayClient, settings: Settings): CallKind<GatewayCall> {
  const payouts = settings.payouts
    ? createPayouts(client, settings.payouts, createModeOf(client, settings.payouts))
    : withoutPayouts
  const kinds = {
    order: createOrders(client, settings),
    capture: createCaptures(client),
    refund: createRefunds(client, settings, payouts),
    transfer: createTransfers(client),
    release: createReleases(client),
    reversal: createReversals(client),
    payout: payouts,
  } satisfies { [Kind in GatewayCall['kind']]: CallKind<Extract<GatewayCall, { kind: Kind }>> }

  const choose = (verb: 'send' | 'ask') => (call: GatewayCall, context: CallContext) => {
    switch (call.kind) {
      case 'order':
        return kinds.order[verb](call, context)
      case 'capture':
        return kinds.capture[verb](call, context)
      case 'refund':
        return kinds.refund[verb](call, context)
      case 'transfer':
        return kinds.transfer[verb](call, context)
      case 'release':
        return kinds.release[verb](call, context)
      case 'reversal':
        return kinds.reversal[verb](call, context)
      case 'payout':
        return kinds.payout[verb](call, context)
    }
  }
  return { send: choose('send'), ask: choose('ask') }
}

const refuse = async (): Promise<CallOutcome> => {
  throw new Unsendable('payouts_not_set_up', 'nothing can be paid out before the options name an account at RazorpayX')
}

const withoutPayouts: CallKind<PayoutCall | RefundCall> = { send: refuse, ask: refuse }
