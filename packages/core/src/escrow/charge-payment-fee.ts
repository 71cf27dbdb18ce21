import type { z } from 'zod'
import type { Command } from '../journal/command.js'
import type { Draft, View } from '../journal/draft.js'
import type { Entry } from '../journal/entry.js'
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
    records: { escrows: escrowOfFee(view, input) },
    accounts: feeAccounts(feeChargeOfPayment(input, input, view)),
    entries: knownFeeEntries(view, input.gateway, input.id ?? input.reference),
  }),
  decide(input, draft) {
    const charge = feeChargeOfPayment(input, input, draft)
    const known = knownFee(draft, charge)
    if (known) draft.repeat([known])
    else chargeAndTell(draft, charge, { at: input.at })
    return { fee: charge.fee, tax: charge.tax }
  },
}

/** Posts a payment's fee. `told` is the escrow whose story has a step of this call already: that has the fee's entry too. */
export function chargeAndTell(
  draft: Draft,
  charge: FeeCharge,
  { at, told = null }: { readonly at: Input['at']; readonly told?: string | null },
): Entry {
  const [id = null] = escrowOfFee(draft, charge)
  const entry = chargeFee(draft, charge, { at, last: null, escrow: id })
  const escrow = id === null || id === told ? null : draft.get(escrows, id)
  if (!escrow) return entry
  const { gateway, reference, fee, tax } = charge
  keepEscrow(draft, escrow, { command: 'fee', at: entry.effectiveAt, detail: { gateway, reference, fee, tax } })
  return entry
}

/** The one escrow that a payment funded, if it is one alone: its fee is that deal's. */
export function escrowOfFee(view: View, { gateway, reference }: Pick<FeeCharge, 'gateway' | 'reference'>): string[] {
  const allocations = view.get(payments, paymentKey(gateway, reference))?.allocations ?? []
  return allocations.length === 1 ? allocations.map((allocation) => allocation.escrow) : []
}
