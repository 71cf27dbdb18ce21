import { accountCodes } from '../accounts/chart.js'
import { checkId } from '../accounts/text.js'
import type { Gateway, Operation } from './gateway.js'

/** Being on the list is all there is to it, so there is nothing that could happen twice. */
const onTheList: Operation = { resendWindowMs: Number.POSITIVE_INFINITY, askedBy: 'key', absenceIsFinal: false }

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
    operations: { refund: onTheList, payout: onTheList },
    manual: true,
    send: async () => ({ outcome: 'accepted', reference: null }),
    ask: async () => ({ outcome: 'accepted', reference: null }),
  }
}
