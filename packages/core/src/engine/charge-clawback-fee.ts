import { chargePaymentFeeCommand } from '../escrow/charge-payment-fee.js'
import type { GatewayClawback } from '../gateways/clawback.js'
import { fromMinor } from '../money/index.js'
import { type Fee, feeKey } from '../payments/fee.js'
import type { BookContext } from './context.js'

/**
 * Charges what a gateway says that a clawback costs in all so far. That grows, as when a dispute becomes a chargeback: each
 * addition is a fee of its own, the first by the clawback's reference, `disp_1`, those after it by that and a number,
 * `disp_1:2`. Throws `fee_mismatch` where a fee of that name is in the books for another payment or in another currency.
 */
export async function chargeClawbackFee(
  context: BookContext,
  { gateway, told }: { readonly gateway: string; readonly told: GatewayClawback },
): Promise<void> {
  const { reference, payment, fee: said, at } = told
  if (!said || said.fee.minor <= 0n) return
  const { fee, tax } = said
  let [feeMinor, taxMinor, id] = [fee.minor, tax.minor, reference]
  for (let number = 2; ; number += 1) {
    const known = await knownFee(context, { gateway, id })
    if (!known || known.reference !== payment || known.currency !== fee.currency) break
    feeMinor -= known.feeMinor
    taxMinor -= known.taxMinor
    id = `${reference}:${number}`
  }
  if (feeMinor <= 0n) return
  const more = { fee: fromMinor(feeMinor, fee.currency), tax: fromMinor(taxMinor, tax.currency) }
  const charge = { gateway, reference: payment, id, ...more, at }
  await context.run(chargePaymentFeeCommand, charge, { actor: `gateway:${gateway}` })
}

async function knownFee(
  { reads, book }: BookContext,
  { gateway, id }: { readonly gateway: string; readonly id: string },
): Promise<Fee | null> {
  return (await reads.record(book, 'fees', feeKey(gateway, id))) as Fee | null
}
