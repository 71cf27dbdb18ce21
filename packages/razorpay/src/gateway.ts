import { accountCodes, type CallContext, type CallOutcome, type Gateway, type GatewayCall } from 'escrow-ledger'
import type { CallKind } from './call-kind.js'
import { createCallKinds } from './call-kinds.js'
import { createClawbacks } from './clawbacks.js'
import { createClient } from './client.js'
import { createDisputes, type RazorpayDisputes } from './disputes.js'
import { createFundAccounts, type RazorpayFundAccounts } from './fund-accounts.js'
import { operations } from './operations.js'
import { type RazorpayOptions, readOptions } from './options.js'
import { mayRepeat, outcomeOfError, outcomeOfQuestion } from './outcome.js'
import { createPayees } from './payees.js'
import { createPayments } from './payments.js'
import { createPayoutBalance, type PayoutBalance } from './payout-balance.js'
import { createSettlements } from './settlements.js'
import { createSubjectsOf } from './webhook-subjects.js'
import { createRazorpayWebhookVerifier } from './webhook-verifier.js'
import { minimumMinor, stepMinor } from './wire-money.js'

/** Razorpay as the ledger uses it, and what a host does there by itself. */
export interface RazorpayGateway extends Gateway {
  readonly payments: NonNullable<Gateway['payments']>
  readonly clawbacks: NonNullable<Gateway['clawbacks']>
  readonly settlements: NonNullable<Gateway['settlements']>
  readonly payees: NonNullable<Gateway['payees']>
  readonly disputes: RazorpayDisputes
  readonly fundAccounts: RazorpayFundAccounts
  /** Null without the option `payouts`. */
  readonly payoutBalance: PayoutBalance | null
}

/** What may still be done within a deadline after the first request has used its time: to look, to end. */
const AFTER_REQUEST_MS = 10_000

/**
 * Razorpay: orders, captures, refunds, Route and RazorpayX, through the official SDK and its client. Throws
 * `invalid_input` for options that can never work, such as a live key for a test environment.
 */
export function createRazorpayGateway(options: RazorpayOptions): RazorpayGateway {
  const settings = readOptions(options)
  const client = createClient(settings)
  const { payout, ...others } = operations
  const { webhookSecrets, payouts, timeoutMs, name } = settings
  return {
    ...(payouts ? { payouts: accountCodes.gatewayPayouts(name) } : {}),
    stepMinor,
    minimumMinor,
    operations: payouts ? { ...others, payout } : others,
    deadlineMs: timeoutMs + AFTER_REQUEST_MS,
    destinationOf: async (party, kind) => (await settings.destinationOf?.(party, kind)) ?? null,
    ...carefully(createCallKinds(client, settings)),
    payments: createPayments(client),
    clawbacks: createClawbacks(client),
    settlements: createSettlements(client),
    payees: createPayees(client),
    webhooks: webhookSecrets && {
      ...createRazorpayWebhookVerifier({ secrets: webhookSecrets }),
      subjectsOf: createSubjectsOf(settings.accountId),
    },
    disputes: createDisputes(client),
    fundAccounts: createFundAccounts(client),
    payoutBalance: payouts ? createPayoutBalance(client, payouts) : null,
  }
}

/**
 * Turns what calls throw into outcomes. A refusal may be of a repeat (already captured, another request under this key),
 * so what was done under the call's key is looked for before a refusal is believed.
 */
function carefully(kinds: CallKind<GatewayCall>): CallKind<GatewayCall> {
  async function ask(call: GatewayCall, context: CallContext): Promise<CallOutcome> {
    try {
      return await kinds.ask(call, context)
    } catch (error) {
      return outcomeOfQuestion(error, context.now())
    }
  }

  return {
    ask,
    async send(call, context) {
      try {
        return await kinds.send(call, context)
      } catch (error) {
        const outcome = outcomeOfError(error, context.now())
        if (outcome.outcome === 'waiting' || !mayRepeat(error)) return outcome
        const found = await ask(call, context)
        return found.outcome === 'absent' ? outcome : found
      }
    },
  }
}
