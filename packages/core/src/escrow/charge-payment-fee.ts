import type { z } from 'zod'
import type { Command } from '../journal/command.js'
import type { Draft, View } from '../journal/draft.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf } from '../journal/schema.js'
import type { Money } from '../money/index.js'
import {
  chargeFee,
  checkFee,
  type FeeCharge,
  feeAccounts,
  feeChargeOfPayment,
  feeSchema,
  knownFee,
  knownFeeEntries,
} from '../payments/charge-fee.js'
import { feeKey } from '../payments/fee.js'
import { paymentKey, payments } from '../payments/payment.js'
import { escrows } from './escrow.js'
import { keepEscrow } from './life.js'

const schema = feeSchema.extend({ gateway: nameSchema, reference: idSchema, at: instantSchema.optional() })
type Input = z.output<typeof schema>

/**
 * Records a gateway's fee, once per fee id (default: the payment's reference). A fact. Where the payment funded one
 * escrow alone, the fee is a step of that deal's story.
 */
export const chargePaymentFeeCommand: Command<Input, { fee: Money; tax: Money }> = {
  name: 'payments.fee',
  parse: (input) => checkFee(parserOf(schema)(input)),
  direct: (input) => ({
    records: {
      fees: [feeKey(input.gateway, input.id ?? input.reference)],
      payments: [paymentKey(input.gateway, input.reference)],
    },
  }),
  further: (input, view) => ({
    records: { escrows: escrowOf(view, input) },
    accounts: feeAccounts(feeChargeOfPayment(input, input, view)),
    entries: knownFeeEntries(view, input.gateway, input.id ?? input.reference),
  }),
  decide(input, draft) {
    const charge = feeChargeOfPayment(input, input, draft)
    const known = knownFee(draft, charge)
    if (known) draft.repeat([known])
    else chargeAndTell(draft, input, charge)
    return { fee: charge.fee, tax: charge.tax }
  },
}

function chargeAndTell(draft: Draft, input: Input, charge: FeeCharge): void {
  const [id] = escrowOf(draft, input)
  const entry = chargeFee(draft, charge, { at: input.at, last: null, escrow: id ?? null })
  const escrow = id === undefined ? null : draft.get(escrows, id)
  if (!escrow) return
  const { gateway, reference, fee, tax } = charge
  keepEscrow(draft, escrow, { command: 'fee', at: entry.effectiveAt, detail: { gateway, reference, fee, tax } })
}

/** The one escrow that a payment funded, if it is one alone. */
function escrowOf(view: View, { gateway, reference }: Input): string[] {
  const allocations = view.get(payments, paymentKey(gateway, reference))?.allocations ?? []
  return allocations.length === 1 ? allocations.map((allocation) => allocation.escrow) : []
}
