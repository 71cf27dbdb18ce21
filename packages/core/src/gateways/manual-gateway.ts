import { accountCodes } from '../accounts/chart.js'
import { checkId } from '../accounts/text.js'
import type { Gateway } from './gateway.js'

/**
 * Money that people move by hand, from a bank account: an instruction is accepted as soon as it is on the list, and an
 * operator says what became of it with `instructions.confirm` and `instructions.fail`.
 */
export function createManualGateway(options: { readonly bank: string }): Gateway {
  checkId(options.bank, 'bank')
  const bank = accountCodes.bank(options.bank)
  return {
    clearing: bank,
    payouts: bank,
    refunds: bank,
    resendWindowMs: Number.POSITIVE_INFINITY,
    manual: true,
    // Being on the list is all there is to it, so there is nothing that could happen twice.
    send: async () => ({ outcome: 'accepted', reference: null }),
    ask: async () => ({ outcome: 'accepted', reference: null }),
  }
}
