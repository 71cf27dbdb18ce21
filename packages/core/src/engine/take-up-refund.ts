import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import { takeBackByRefundCommand } from '../payouts/take-back-by-refund.js'
import type { BookContext } from './context.js'

/**
 * What a payee's own account gave of a refund is posted before the refund is: should the process die in between, the refund
 * is asked about again, and tells it again.
 */
export async function takeUpRefund(
  context: BookContext,
  { kind, gateway, payment }: Instruction,
  outcome: CallOutcome,
): Promise<void> {
  if (kind !== 'refund' || payment === null || outcome.outcome !== 'processed') return
  const { reference: refund, payeePart: amount, at = context.runtime.now() } = outcome
  if (amount === undefined || amount.minor === 0n) return
  await context.run(takeBackByRefundCommand, { gateway, refund, payment, amount, at }, { actor: `gateway:${gateway}` })
}
