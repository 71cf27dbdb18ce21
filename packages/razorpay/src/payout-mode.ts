import { type CallContext, compare, money, type PayoutCall, type RefundCall } from 'escrow-ledger'
import type { RazorpayClient } from './client.js'
import type { RazorpayPayoutMode, RazorpayPayoutOptions } from './options.js'

/** By which network a payout goes. The same for the same call, since a repeat must not differ. */
export type ModeOf = (
  call: PayoutCall | RefundCall,
  to: { readonly fundAccount: string; readonly context: CallContext },
) => Promise<RazorpayPayoutMode>

/** https://razorpay.com/docs/x/payouts: IMPS takes five lakh rupees at most. */
const mostByImps = money('500000.00', 'INR')
const MOST_KNOWN = 10_000

/** Asks what kind of account it is where the options do not say the mode; an account never changes its kind. */
export function createModeOf(client: RazorpayClient, { mode }: RazorpayPayoutOptions): ModeOf {
  const known = new Map<string, string>()

  async function typeOf(fundAccount: string, context: CallContext): Promise<string> {
    const before = known.get(fundAccount)
    if (before !== undefined) return before
    const answer = await client.request(context, { method: 'GET', path: `/v1/fund_accounts/${fundAccount}` })
    const type = answer.text('account_type')
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(fundAccount, type)
    return type
  }

  return async (call, { fundAccount, context }) => {
    if (mode !== undefined) return typeof mode === 'function' ? mode(call) : mode
    const type = await typeOf(fundAccount, context)
    if (type === 'vpa') return 'UPI'
    const { amount } = call
    const isLarge = amount.currency === 'INR' && compare(amount, mostByImps) > 0
    return type === 'bank_account' && isLarge ? 'NEFT' : 'IMPS'
  }
}
