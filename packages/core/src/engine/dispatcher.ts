import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import type { RecordQuery } from '../storage/index.js'
import { type AttemptOptions, attempt } from './attempt.js'
import type { BookContext } from './context.js'

export interface DispatchOptions extends Pick<AttemptOptions, 'actor' | 'leaseMs'> {
  /** Begins no further attempts; those under way are finished. */
  readonly signal?: AbortSignal | undefined
  /** Attempts at most. */
  readonly limit?: number | undefined
  /** Calls under way at once; 8 unless it is given. */
  readonly concurrency?: number | undefined
}

/** How many attempts ended how. */
export interface DispatchRun {
  readonly attempts: number
  readonly byOutcome: Readonly<Partial<Record<CallOutcome['outcome'], number>>>
}

const PAGE = 100

/** Carries out what is recorded, and asks about what is not final: whatever is due, in the order in which it fell due. */
export async function dispatchInstructions(context: BookContext, options: DispatchOptions): Promise<DispatchRun> {
  const { limit = Number.POSITIVE_INFINITY, concurrency = 8, actor, signal, leaseMs } = options
  const byOutcome: Partial<Record<CallOutcome['outcome'], number>> = {}
  const asOf = context.runtime.now()
  let attempts = 0
  let after: RecordQuery['after'] = null
  while (attempts < limit && !signal?.aborted) {
    const query = { kind: 'instructions', atMost: { field: 'nextAt', value: asOf }, order: ['nextAt'], after } as const
    const found = (await context.reads.records(context.book, { ...query, limit: PAGE })) as Instruction[]
    const ready = found.filter((instruction) => context.lines.has(instruction.gateway)).slice(0, limit - attempts)
    for (let start = 0; start < ready.length && !signal?.aborted; start += concurrency) {
      const some = ready.slice(start, start + concurrency)
      const ends = await Promise.all(some.map((each) => attempt(context, each, { actor, leaseMs })))
      for (const outcome of ends) {
        if (outcome === null) continue
        attempts += 1
        byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
      }
    }
    const last = found.at(-1)
    if (!last || found.length < PAGE) break
    after = [last.nextAt, last.id]
  }
  return { attempts, byOutcome }
}
