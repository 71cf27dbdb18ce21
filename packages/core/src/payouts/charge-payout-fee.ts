import type { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { CallFee } from '../gateways/outcome.js'
import { type Instruction, instructionIds, instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { instantSchema, type ParsedInstant } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, textSchema } from '../journal/schema.js'
import type { Money } from '../money/index.js'
import {
  chargeFee,
  checkFee,
  type FeeCharge,
  feeAccounts,
  feeChargeOf,
  feeSchema,
  knownFee,
  knownFeeEntries,
} from '../payments/charge-fee.js'
import { feeKey, fees } from '../payments/fee.js'

const schema = feeSchema.omit({ id: true }).extend({
  id: textSchema({ min: 1, max: 190 }),
  feeId: idSchema.optional(),
  at: instantSchema.optional(),
  /** That of the payout, which never changes: looked up before, since the fee is found by it. Left out where there is none. */
  gateway: nameSchema.optional(),
})
type Input = z.output<typeof schema>

/**
 * Records a gateway's fee for a payout that is told apart from it, once per fee id (default: the payout's). A fact: refused
 * only as `payout_not_found` and `fee_mismatch`. It leaves the account that the payout leaves from.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90 | gateway:razorpay:payouts 5.90 |
 */
export const chargePayoutFeeCommand: Command<Input, { fee: Money; tax: Money }> = {
  name: 'payouts.fee',
  parse: (input) => checkFee(parserOf(schema)(input)),
  direct: ({ id, feeId = instructionIds.payout(id), gateway }) => ({
    records: {
      instructions: [instructionIds.payout(id)],
      fees: gateway === undefined ? [] : [feeKey(gateway, feeId)],
    },
  }),
  further: ({ gateway, ...input }, view) => {
    const payout = view.get(instructions, instructionIds.payout(input.id))
    if (!payout || gateway === undefined) return {}
    const charge = chargeOf(payout, input)
    return { accounts: feeAccounts(charge), entries: knownFeeEntries(view, gateway, charge.id) }
  },
  decide({ gateway, ...input }, draft) {
    const payout = draft.get(instructions, instructionIds.payout(input.id))
    if (!payout || gateway === undefined) throw payoutNotFound(input.id)
    const charge = chargeOf(payout, input)
    const known = knownFee(draft, charge)
    if (known) draft.repeat([known])
    else {
      const { escrow, party } = payout
      chargeFee(draft, charge, { at: input.at, last: null, escrow, party })
      // An entry of an instruction comes with a new revision of it.
      draft.put(instructions, { ...payout, changedAt: draft.now, revision: payout.revision + 1 })
    }
    return { fee: charge.fee, tax: charge.tax }
  },
}

/**
 * Posts the fee of a payout that its gateway tells only after the payout is in the books as processed, as
 * `chargePayoutFeeCommand` does, once: unless `processedLines` or an earlier command posted one, of whatever amount.
 */
export function chargeFeeToldLater(
  draft: Draft,
  payout: Instruction,
  { fee, tax, at }: CallFee & { readonly at: ParsedInstant | undefined },
): void {
  const { id, gateway, lastEntry, escrow, party } = payout
  const processedBy = lastEntry === null ? null : draft.entry(lastEntry)
  const isInOutcome = processedBy?.postings.some(({ code }) => code === accountCodes.gatewayFees(gateway)) ?? false
  if (fee.minor <= 0n || isInOutcome || draft.get(fees, feeKey(gateway, id))) return
  chargeFee(draft, chargeOf(payout, { id, fee, tax }), { at, last: null, escrow, party })
}

function chargeOf({ id, gateway, source }: Instruction, { fee, tax, feeId }: Omit<Input, 'gateway'>): FeeCharge {
  return feeChargeOf({ fee, tax, id: feeId }, { gateway, reference: id, account: source, of: 'instruction' })
}

export function payoutNotFound(id: string) {
  return ledgerError('payout_not_found', `There is no payout ${id} in this book. payouts.list shows them.`)
}
