import type { CallContext, Money } from 'escrow-ledger'
import type { RazorpayClient } from './client.js'
import type { RazorpayPayoutOptions } from './options.js'
import { unwatched } from './unwatched.js'
import { fromWire } from './wire-money.js'

/** What the account at RazorpayX has to pay out from. Throws `RazorpayError`. */
export type PayoutBalance = (context?: CallContext) => Promise<Money>

export function createPayoutBalance(client: RazorpayClient, { accountNumber }: RazorpayPayoutOptions): PayoutBalance {
  return async (context = unwatched) => {
    const answer = await client.request(context, { method: 'GET', path: '/v1/banking_balances' })
    const ours = answer.items().find((balance) => balance.optionalText('account_number') === accountNumber)
    if (!ours) throw new Error('RazorpayX tells of no balance of the account number in the options.')
    return fromWire(ours.optionalInteger('available_amount') ?? ours.integer('amount'), ours.text('currency'))
  }
}
