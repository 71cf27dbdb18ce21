import { z } from 'zod'
import { LedgerError } from '../errors/index.js'
import { parserOf } from '../journal/schema.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'

export interface DueOptions {
  /** Begins no further ones; those under way are finished. */
  readonly signal?: AbortSignal | undefined
  /** So many at most. */
  readonly limit?: number | undefined
  /** Under way at once; 8 unless it is given. */
  readonly concurrency?: number | undefined
}

/** One that went wrong by itself; it stays due. */
export interface DueFailure {
  readonly id: string
  /** Of a `LedgerError`; null where the error is not the ledger's own, such as one of an adapter's. */
  readonly code: string | null
  readonly message: string
}

interface Due {
  readonly id: string
  readonly gateway: string
  readonly nextAt: number | null
}

const PAGE = 100
const optionsSchema = z.object({ limit: z.int().min(1).optional(), concurrency: z.int().min(1).optional() })

/**
 * Works through what is due at gateways that there is a way to, in the order in which it fell due, some at a time. What
 * goes wrong with one of them stops no other; what goes wrong with all of them, such as a storage that is away, is thrown
 * when those under way have ended. `work` answers null for what somebody else has.
 */
export async function workThroughDue<Record extends Due, Result>(
  context: BookContext,
  { kind, options }: { readonly kind: RecordQuery['kind']; readonly options: DueOptions },
  work: (record: Record) => Promise<Result | null>,
): Promise<{ readonly results: readonly Result[]; readonly failures: readonly DueFailure[] }> {
  const { signal } = options
  const { limit = Number.POSITIVE_INFINITY, concurrency = 8 } = parserOf(optionsSchema)(options)
  const results: Result[] = []
  const failures: DueFailure[] = []
  const atMost = { field: 'nextAt', value: context.runtime.now() }
  let after: RecordQuery['after'] = null
  for (let more = true; more && results.length < limit && !signal?.aborted; ) {
    const query: RecordQuery = { kind, atMost, order: ['nextAt'], after, limit: PAGE }
    const found = (await context.reads.records(context.book, query)) as unknown as Record[]
    const ready = found.filter(({ gateway }) => context.lines.has(gateway))
    for (let start = 0; start < ready.length && results.length < limit && !signal?.aborted; ) {
      const some = ready.slice(start, start + Math.min(concurrency, limit - results.length))
      start += some.length
      const ends = await Promise.allSettled(some.map(work))
      results.push(...ends.flatMap((end) => (end.status === 'fulfilled' && end.value !== null ? [end.value] : [])))
      failures.push(...ends.flatMap((end, index) => failureOf(end, some[index])))
    }
    const last = found.at(-1)
    more = last !== undefined && found.length === PAGE
    after = last ? [last.nextAt, last.id] : null
  }
  return { results, failures }
}

function failureOf(end: PromiseSettledResult<unknown>, due: Due | undefined): readonly DueFailure[] {
  if (end.status === 'fulfilled') return []
  const error: unknown = end.reason
  const known = error instanceof LedgerError ? error : null
  if (known?.kind === 'unavailable') throw known
  return [
    { id: due?.id ?? '', code: known?.code ?? null, message: error instanceof Error ? error.message : String(error) },
  ]
}

/** How many ended how. */
export function countedBy<Ending extends string>(endings: readonly Ending[]): Partial<{ [Each in Ending]: number }> {
  const counts: Partial<{ [Each in Ending]: number }> = {}
  for (const ending of endings) counts[ending] = (counts[ending] ?? 0) + 1
  return counts
}
