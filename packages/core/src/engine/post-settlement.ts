import { checkId } from '../accounts/text.js'
import type { GatewaySettlement } from '../gateways/settlement.js'
import { isZero } from '../money/index.js'
import { failSettlementCommand } from '../reconciliation/fail-settlement.js'
import { type Movement, movementKey } from '../reconciliation/movement.js'
import { contradicted } from '../reconciliation/movement-answer.js'
import { recordSettlementCommand } from '../reconciliation/record-settlement.js'
import type { BookContext } from './context.js'

interface Told {
  readonly gateway: string
  readonly settlement: GatewaySettlement
}

/**
 * Posts what a gateway says of a settlement: that it was sent, once it was, and that it did not arrive, where it was
 * posted before. Facts known by its reference, so it may be called any number of times, by webhook and poller alike.
 * Answers whether the books say what the gateway says. Throws `movement_mismatch` and what else says that they cannot.
 */
export async function postSettlement(context: BookContext, told: Told): Promise<boolean> {
  const { gateway, settlement } = told
  if (settlement.state === 'created') return false
  checkId(settlement.reference, 'reference')
  const key = movementKey('settlement', gateway, settlement.reference)
  const known = (await context.reads.record(context.book, 'movements', key)) as Movement | null
  await (settlement.state === 'failed' ? postFailure(context, known, told) : postSending(context, known, told))
  return true
}

/** One that was never posted took nothing out of the books that could come back. */
async function postFailure(context: BookContext, known: Movement | null, told: Told): Promise<void> {
  const { gateway, settlement } = told
  const { reference, at } = settlement
  if (known === null || known.state === 'failed') return
  const failed = { gateway, reference, reason: 'the gateway says that it failed', at }
  await context.run(failSettlementCommand, failed, { actor: `gateway:${gateway}` })
}

async function postSending(context: BookContext, known: Movement | null, told: Told): Promise<void> {
  const { gateway, settlement } = told
  const { reference, amount, fee, tax, utr, at } = settlement
  // Gateways list days on which nothing was left to send.
  if (known === null && isZero(amount) && isZero(fee)) return
  // The command would answer with what it once made, and the money would stay in the gateway's balance.
  if (known?.state === 'failed') throw contradicted(known)
  const charged = isZero(fee) ? {} : { fee, tax }
  const named = utr === null ? {} : { utr }
  const sent = { gateway, reference, amount, ...charged, ...named, at }
  await context.run(recordSettlementCommand, sent, { actor: `gateway:${gateway}` })
}
