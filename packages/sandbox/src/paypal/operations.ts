import type { Operation } from '../http/operation.js'
import type { World } from '../world/world.js'
import type { AccessTokens } from './access-token.js'
import { authorizationOperations } from './authorizations.js'
import { captureOperations } from './captures.js'
import { createOrder } from './create-order.js'
import { createPayout } from './create-payout.js'
import { disbursementOperations } from './disbursements.js'
import { disputeOperations } from './disputes.js'
import { getOrder } from './get-order.js'
import { guarded } from './guarded.js'
import { referralOperations } from './partner-referrals.js'
import { authorizeOrder, captureOrder } from './pay-order.js'
import { payoutOperations } from './payouts.js'
import type { PayPalWorld } from './paypal-world.js'
import { getBalances, searchTransactions } from './transaction-search.js'
import { updateOrder } from './update-order.js'
import { signatureOperations } from './verify-webhook-signature.js'
import { eventOperations } from './webhook-events.js'
import { type RegisteredWebhook, webhookOperations } from './webhook-registry.js'
import type { WebhookSigner } from './webhook-signer.js'

/** All that this PayPal's API can do. */
export function payPalOperations(
  world: PayPalWorld,
  given: {
    readonly tokens: AccessTokens
    readonly signer: WebhookSigner
    readonly deliver: World['deliver']
    deliverTo(webhook: RegisteredWebhook): void
  },
): Operation[] {
  const operations = [
    given.tokens.operation,
    ...[createOrder, getOrder, updateOrder, captureOrder, authorizeOrder].map((each) => each(world)),
    ...authorizationOperations(world),
    ...captureOperations(world),
    ...disbursementOperations(world),
    createPayout(world),
    ...payoutOperations(world),
    ...referralOperations(world),
    ...disputeOperations(world),
    searchTransactions(world),
    getBalances(world),
    ...webhookOperations(world, given.deliverTo),
    ...eventOperations(world, given.deliver),
    ...signatureOperations(world, given.signer),
    checkout,
  ]
  return operations.map((operation) => guarded(world, operation))
}

/** Where the payer is sent to approve an order: the sandbox's own page. */
const checkout: Operation = {
  name: 'checkout',
  method: 'GET',
  path: '/checkoutnow',
  handle: ({ query }) => ({
    status: 302,
    headers: { location: `/sandbox/paypal?order=${encodeURIComponent(query.get('token') ?? '')}` },
  }),
}
