import { LedgerError } from '../errors/index.js'
import type { GatewaySettlement } from '../gateways/settlement.js'
import type { BookContext } from './context.js'
import type { GatewayLine } from './gateway-line.js'
import { postSettlement } from './post-settlement.js'

export interface PollSettlementsOptions {
  /** Every gateway whose adapter reads settlements, unless one is named. */
  readonly gateway?: string | undefined
  /** How far back to look, in milliseconds; seven days unless it is given. */
  readonly backMs?: number | undefined
  /** Begins nothing more; what was begun is finished. */
  readonly signal?: AbortSignal | undefined
}

/** What came of polling. */
export interface SettlementPoll {
  /** Settlements that the gateways told of, and how many of them the books say. */
  readonly told: number
  readonly posted: number
  /** Those that contradict the books, for people to look at. */
  readonly contradicted: readonly { readonly gateway: string; readonly reference: string; readonly reason: string }[]
}

const BACK_MS = 7 * 86_400_000

/** Asks gateways what they have sent to our banks, and posts it: nothing depends on a webhook's coming. */
export async function pollSettlements(context: BookContext, options: PollSettlementsOptions): Promise<SettlementPoll> {
  const { gateway: only, backMs = BACK_MS, signal } = options
  const contradicted: { gateway: string; reference: string; reason: string }[] = []
  let [told, posted] = [0, 0]
  for (const [gateway, line] of context.lines) {
    if (signal?.aborted || (only !== undefined && only !== gateway)) continue
    for (const settlement of await read(context, line, backMs)) {
      if (signal?.aborted) break
      told += 1
      try {
        if (await postSettlement(context, { gateway, settlement })) posted += 1
      } catch (error) {
        if (!(error instanceof LedgerError) || error.code !== 'movement_mismatch') throw error
        contradicted.push({ gateway, reference: settlement.reference, reason: error.message })
      }
    }
  }
  return { told, posted, contradicted }
}

/** Read to the end before anything is posted, so that the call does not wait for the books. */
async function read({ runtime }: BookContext, line: GatewayLine, backMs: number): Promise<GatewaySettlement[]> {
  const { settlements } = line.gateway
  if (!settlements) return []
  const through = runtime.now()
  const { answer } = await line.call(async (way) => {
    const found: GatewaySettlement[] = []
    for await (const each of settlements.list({ from: through - backMs, through }, way)) found.push(each)
    return found
  })
  return answer
}
