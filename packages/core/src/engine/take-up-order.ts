import { LedgerError } from '../errors/index.js'
import type { CallOutcome } from '../gateways/outcome.js'
import { hostIdOf, type Instruction } from '../instructions/instruction.js'
import { captureOrderCommand } from '../payouts/capture-order.js'
import { type AttemptOptions, attempt } from './attempt.js'
import type { BookContext } from './context.js'
import { postPayment } from './post-payment.js'
import { concernsOneAlone } from './run-failure.js'

/**
 * What an order, or the capture of one, says has arrived is posted before the outcome is kept: should the process die in
 * between, the order is asked about again. What its payer has authorised is captured. Throws what is wrong with the first
 * payment that cannot be posted, when the others are.
 */
export async function takeUpOrder(
  context: BookContext,
  instruction: Instruction,
  outcome: CallOutcome,
  options: AttemptOptions,
): Promise<void> {
  if (outcome.outcome !== 'accepted' && outcome.outcome !== 'processed') return
  const problems: unknown[] = []
  for (const payment of outcome.payments ?? []) {
    const told = { payment, gateway: instruction.gateway, escrow: instruction.escrow }
    await postPayment(context, told).catch((error: unknown) => {
      if (!concernsOneAlone(error)) throw error
      problems.push(error)
    })
  }
  if (outcome.outcome === 'accepted' && typeof outcome.awaits === 'object') {
    const order = instruction.kind === 'capture' ? (instruction.about ?? instruction.id) : instruction.id
    await capture(context, { id: hostIdOf(order), payment: outcome.awaits.capture }, options)
  }
  if (problems.length > 0) throw problems[0]
}

async function capture(
  context: BookContext,
  asked: { readonly id: string; readonly payment: string },
  options: AttemptOptions,
): Promise<void> {
  const call = { actor: options.actor ?? 'dispatcher' }
  const answer = await context.run(captureOrderCommand, asked, call).catch((error: unknown) => {
    // Another authorisation of this order is just being captured.
    if (error instanceof LedgerError && error.code === 'capture_exists') return null
    throw error
  })
  if (!answer) return
  const recorded = await context.reads.record(context.book, 'instructions', answer.result.instruction)
  if (recorded && answer.result.state === 'recorded')
    await attempt(context, recorded as Instruction, { actor: call.actor })
}
