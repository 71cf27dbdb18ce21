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
  feeChargeOf,
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
  parse: (input) => {
    const parsed = parserOf(schema)(input)
    checkFee(parsed)
    return parsed
  },
  direct: (input) => ({
    records: {
      fees: [feeKey(input.gateway, input.id ?? input.reference)],
      payments: [paymentKey(input.gateway, input.reference)],
    },
  }),
  further: (input, view) => ({
    records: { escrows: escrowOf(view, input) },
    accounts: feeAccounts(chargeOf(view, input)),
    entries: knownFeeEntries(view, input.gateway, input.id ?? input.reference),
  }),
  decide(input, draft) {
    const charge = chargeOf(draft, input)
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

/** A fee leaves the account that its payment arrived in; where the payment is not known yet, the gateway's clearing. */
function chargeOf(view: View, input: Input): FeeCharge {
  const { gateway, reference } = input
  const account = view.get(payments, paymentKey(gateway, reference))?.account ?? view.gateway(gateway).clearing
  return feeChargeOf(input, { gateway, reference, account })
}
