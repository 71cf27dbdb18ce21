import { LedgerError } from '../errors/index.js'
import type { GatewaySettlement } from '../gateways/settlement.js'
import type { BookContext } from './context.js'
import { type Poll, type Polling, type PollOptions, pollGateways } from './poll-gateways.js'
import { postSettlement } from './post-settlement.js'

/** Asks gateways what they have sent to our banks, and posts it: nothing depends on a webhook's coming. */
export async function pollSettlements(context: BookContext, options: PollOptions | undefined): Promise<Poll> {
  return pollGateways(context, options, (polling) => pollOne(context, polling))
}

/** Each settlement is posted as it is read. Throws `CallFailure`. */
async function pollOne(context: BookContext, { gateway, backMs, signal, tally }: Polling): Promise<void> {
  const line = context.lines.get(gateway)
  const reads = line?.gateway.settlements
  if (!line || !reads) return
  const through = context.runtime.now()
  for await (const settlement of line.each((way) =>
    reads.list({ from: Math.max(0, through - backMs), through }, way),
  )) {
    if (signal?.aborted) return
    tally.told += 1
    const { posted, reason } = await post(context, { gateway, settlement })
    if (posted) tally.posted += 1
    if (reason !== null) tally.contradicted.push({ gateway, reference: settlement.reference, reason })
  }
}

/** Whether the books say it now, or why they never will. What may go well later is thrown on. */
async function post(
  context: BookContext,
  told: { readonly gateway: string; readonly settlement: GatewaySettlement },
): Promise<{ readonly posted: boolean; readonly reason: string | null }> {
  try {
    return { posted: await postSettlement(context, told), reason: null }
  } catch (error) {
    if (!(error instanceof LedgerError) || (error.kind !== 'invalid' && error.kind !== 'conflict')) throw error
    return { posted: false, reason: error.message }
  }
}
