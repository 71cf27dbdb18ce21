import type { GatewayPayment } from '../gateways/gateway-payment.js'
import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import type { BookContext } from './context.js'

/**
 * A capture names the authorisation that it takes, and whoever asked for it may have named somebody else's: one that the
 * gateway has for another order is no payment of this one. The capture is refused then, so that nothing of it is posted
 * here and the order can be captured with its own; the other order is told of its payment by itself.
 */
export async function withOwnPayments(
  { reads, book }: BookContext,
  instruction: Instruction,
  outcome: CallOutcome,
): Promise<CallOutcome> {
  if (instruction.kind !== 'capture' || instruction.about === null || !('payments' in outcome)) return outcome
  const order = (await reads.record(book, 'instructions', instruction.about)) as Instruction | null
  if (!order) return outcome
  const strange = outcome.payments?.find((payment) => isOfAnother(order, payment))
  if (!strange) return outcome
  const reason = `the gateway has ${strange.reference} for another order`
  return { outcome: 'refused', code: 'payment_of_another_order', reason }
}

/** Whether what the gateway tells of a payment contradicts that it was made for this order. What it leaves out does not. */
function isOfAnother({ gatewayReference, gatewayKey }: Instruction, { order, orderKey }: GatewayPayment): boolean {
  if (order !== null && gatewayReference !== null) return order !== gatewayReference
  return orderKey !== null && orderKey !== gatewayKey
}
