import { z } from 'zod'
import { nameSchema } from '../journal/schema.js'
import type { BookContext } from './context.js'
import { requireGateway } from './gateway-directory.js'
import { CallFailure } from './gateway-line.js'
import { readerOf, signalSchema } from './read-options.js'

export interface PollOptions {
  /** Every gateway whose adapter can be asked, unless one is named. */
  readonly gateway?: string | undefined
  /** How far back to look, in milliseconds; seven days unless it is given. */
  readonly backMs?: number | undefined
  /** Begins nothing more; what was begun is finished. */
  readonly signal?: AbortSignal | undefined
}

/** What came of polling. */
export interface Poll {
  /** What the gateways told of, and how much of it the books say. */
  readonly told: number
  readonly posted: number
  /** What contradicts the books, or no rule lets in, for people to look at. */
  readonly contradicted: readonly { readonly gateway: string; readonly reference: string; readonly reason: string }[]
  /** Gateways that could not be read to the end, and why. Poll again: what was told until then is posted. */
  readonly unanswered: readonly { readonly gateway: string; readonly reason: string }[]
}

/** What one gateway is asked, and where what came of it is counted. */
export interface Polling {
  readonly gateway: string
  readonly backMs: number
  readonly signal: AbortSignal | undefined
  readonly tally: {
    told: number
    posted: number
    readonly contradicted: Poll['contradicted'][number][]
  }
}

const readOptions = readerOf({
  gateway: nameSchema.optional(),
  backMs: z.int().min(1).optional(),
  signal: signalSchema.optional(),
})

const BACK_MS = 7 * 86_400_000

/**
 * Asks one gateway after another. One that does not answer, so that `pollOne` throws a `CallFailure`, is told of and keeps no
 * other from being asked. Throws `gateway_not_found` where there is no such gateway as is named.
 */
export async function pollGateways(
  context: BookContext,
  options: PollOptions | undefined,
  pollOne: (polling: Polling) => Promise<void>,
): Promise<Poll> {
  const { gateway: only, backMs = BACK_MS, signal } = readOptions(options)
  if (only !== undefined) requireGateway(context.gateways, only)
  const tally: Polling['tally'] = { told: 0, posted: 0, contradicted: [] }
  const unanswered: Poll['unanswered'][number][] = []
  for (const gateway of only === undefined ? context.lines.keys() : [only]) {
    if (signal?.aborted) break
    try {
      await pollOne({ gateway, backMs, signal, tally })
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      unanswered.push({ gateway, reason: error.reason })
    }
  }
  return { ...tally, unanswered }
}
