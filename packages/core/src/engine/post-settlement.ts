import type { GatewaySettlement } from '../gateways/settlement.js'
import { isZero } from '../money/index.js'
import { failSettlementCommand } from '../reconciliation/fail-settlement.js'
import { type Movement, movementKey } from '../reconciliation/movement.js'
import { recordSettlementCommand } from '../reconciliation/record-settlement.js'
import type { BookContext } from './context.js'

/**
 * Posts what a gateway says of a settlement: that it was sent, once it was, and that it did not arrive, where it was
 * posted before. Facts known by its reference, so it may be called any number of times, by webhook and poller alike.
 * Answers whether the books say what the gateway says.
 */
export async function postSettlement(
  context: BookContext,
  { gateway, settlement }: { readonly gateway: string; readonly settlement: GatewaySettlement },
): Promise<boolean> {
  const { reference, state, amount, fee, tax, utr, at } = settlement
  const call = { actor: `gateway:${gateway}` }
  if (state === 'created') return false
  if (state === 'failed') {
    const key = movementKey('settlement', gateway, reference)
    const known = (await context.reads.record(context.book, 'movements', key)) as Movement | null
    if (known === null || known.state === 'failed') return true
    const reason = 'the gateway says that it failed'
    await context.run(failSettlementCommand, { gateway, reference, reason, at }, call)
    return true
  }
  const charged = isZero(fee) ? {} : { fee, tax }
  const named = utr === null ? {} : { utr }
  await context.run(recordSettlementCommand, { gateway, reference, amount, ...charged, ...named, at }, call)
  return true
}
