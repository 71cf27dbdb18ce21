import { z } from 'zod'
import { LedgerError } from '../errors/index.js'
import type { GatewaySettlement } from '../gateways/settlement.js'
import { nameSchema, parserOf } from '../journal/schema.js'
import type { BookContext } from './context.js'
import { requireGateway } from './gateway-directory.js'
import { CallFailure } from './gateway-line.js'
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
  /** Those that contradict the books, or that no rule lets in, for people to look at. */
  readonly contradicted: readonly { readonly gateway: string; readonly reference: string; readonly reason: string }[]
  /** Gateways that could not be read to the end, and why. Poll again: what was told until then is posted. */
  readonly unanswered: readonly { readonly gateway: string; readonly reason: string }[]
}

const optionsSchema = z.object({ gateway: nameSchema.optional(), backMs: z.int().min(1).optional() })

const BACK_MS = 7 * 86_400_000

/** Asks gateways what they have sent to our banks, and posts it: nothing depends on a webhook's coming. */
export async function pollSettlements(context: BookContext, options: PollSettlementsOptions): Promise<SettlementPoll> {
  const { gateway: only, backMs = BACK_MS } = parserOf(optionsSchema)(options)
  const { signal } = options
  if (only !== undefined) requireGateway(context.gateways, only)
  const tally: Tally = { told: 0, posted: 0, contradicted: [], unanswered: [] }
  for (const gateway of only === undefined ? context.lines.keys() : [only]) {
    if (signal?.aborted) break
    try {
      await pollOne(context, { gateway, backMs, signal, tally })
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      tally.unanswered.push({ gateway, reason: error.reason })
    }
  }
  return tally
}

interface Tally {
  told: number
  posted: number
  readonly contradicted: { readonly gateway: string; readonly reference: string; readonly reason: string }[]
  readonly unanswered: { readonly gateway: string; readonly reason: string }[]
}

interface Polling {
  readonly gateway: string
  readonly backMs: number
  readonly signal: AbortSignal | undefined
  readonly tally: Tally
}

/** Each settlement is posted as it is read. Throws `CallFailure`. */
async function pollOne(context: BookContext, { gateway, backMs, signal, tally }: Polling): Promise<void> {
  const line = context.lines.get(gateway)
  const reads = line?.gateway.settlements
  if (!line || !reads) return
  const through = context.runtime.now()
  for await (const settlement of line.each((way) => reads.list({ from: through - backMs, through }, way))) {
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
