import { chargePaymentFeeCommand } from '../escrow/charge-payment-fee.js'
import { fundEscrowCommand } from '../escrow/fund-escrow.js'
import type { GatewayPayment } from '../gateways/gateway-payment.js'
import { instructionIds } from '../instructions/instruction.js'
import { transferWithPaymentCommand } from '../payouts/transfer-with-payment.js'
import type { BookContext } from './context.js'
import { payeeOfAccount } from './payee-of-account.js'
import type { CallOptions } from './request.js'

/** A payment as the gateway's API told it, and the escrow that its order was for. */
interface Told {
  readonly gateway: string
  readonly payment: GatewayPayment
  readonly escrow: string | null
}

/**
 * Posts what a gateway says of a payment: the money, once it is captured, and its fee, once that is told. Both are facts
 * known by the payment's reference, so it may be called any number of times, by webhook and poller alike. Answers whether
 * the payment is in the books now.
 *
 * What the gateway gave of it to a payee's own account is posted first: then no refund is in the books before it. Throws
 * `CallFailure` where it is not known whose account that is.
 */
export async function postPayment(context: BookContext, { gateway, payment, escrow }: Told): Promise<boolean> {
  if (payment.state !== 'captured' || escrow === null) return false
  const { reference, amount, received, fee, at } = payment
  const call = { actor: `gateway:${gateway}` }
  await postPayeePart(context, { gateway, payment, escrow }, call)
  const funding = { id: escrow, amount, gateway, reference, at }
  await context.run(fundEscrowCommand, received ? { ...funding, received } : funding, call)
  if (fee && fee.fee.minor > 0n) await context.run(chargePaymentFeeCommand, { gateway, reference, ...fee, at }, call)
  return true
}

async function postPayeePart(
  context: BookContext,
  { gateway, payment, escrow }: Told & { readonly escrow: string },
  call: CallOptions,
): Promise<void> {
  const { reference, payeePart, at } = payment
  if (!payeePart || payeePart.amount.minor === 0n) return
  const { reads, book } = context
  if (await reads.record(book, 'instructions', instructionIds.transfer(reference))) return
  const payee = await payeeOfAccount(context, { gateway, escrow, account: payeePart.account })
  const part = { gateway, payment: reference, payee, escrow, ...payeePart, at }
  await context.run(transferWithPaymentCommand, part, call)
}
