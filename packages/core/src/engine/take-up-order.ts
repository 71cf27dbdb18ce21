import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import { captureOrderCommand } from '../payouts/capture-order.js'
import { type AttemptOptions, attempt } from './attempt.js'
import type { BookContext } from './context.js'
import { postPayment } from './post-payment.js'

/**
 * What an order, or the capture of one, says has arrived is posted before the outcome is kept: should the process die in
 * between, the order is asked about again. What its payer has authorised is captured.
 */
export async function takeUpOrder(
  context: BookContext,
  instruction: Instruction,
  outcome: CallOutcome,
  options: AttemptOptions,
): Promise<void> {
  if (outcome.outcome !== 'accepted' && outcome.outcome !== 'processed') return
  const order = instruction.kind === 'capture' ? (instruction.about ?? instruction.id) : instruction.id
  for (const payment of outcome.payments ?? []) {
    await postPayment(context, { payment, gateway: instruction.gateway, escrow: instruction.escrow })
  }
  if (outcome.outcome !== 'accepted' || typeof outcome.awaits !== 'object') return
  const asked = { id: order.slice('order:'.length), payment: outcome.awaits.capture }
  const { result } = await context.run(captureOrderCommand, asked, { actor: options.actor ?? 'dispatcher' })
  const capture = await context.reads.record(context.book, 'instructions', result.instruction)
  if (capture && result.state === 'recorded') await attempt(context, capture as Instruction, { actor: options.actor })
}
