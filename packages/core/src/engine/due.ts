import { z } from 'zod'
import { LedgerError } from '../errors/index.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'
import { actorSchema, signalSchema } from './read-options.js'

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

/** How many more may be worked on, before the limit is reached. */
export interface Room {
  readonly left: () => number
  /** Of so many as are wanted, as many as there is room for: it is taken up then. */
  take(wanted: number): number
}

const PAGE = 100
/** The options of a run through what is due. */
export const dueOptions = {
  actor: actorSchema.optional(),
  signal: signalSchema.optional(),
  limit: z.int().min(1).optional(),
  concurrency: z.int().min(1).optional(),
}

/**
 * Works through what is due at gateways that there is a way to, in the order in which it fell due, some at a time. What
 * goes wrong with one of them stops no other; what goes wrong with all of them, such as a storage that is away, is thrown
 * when those under way have ended. `work` answers nothing for what somebody else has, and more than one result where it takes
 * others along; it takes up room for each of them then.
 */
export async function workThroughDue<Record extends Due, Result>(
  context: BookContext,
  { kind, options }: { readonly kind: RecordQuery['kind']; readonly options: DueOptions },
  work: (record: Record, room: Room) => Promise<readonly Result[]>,
): Promise<{ readonly results: readonly Result[]; readonly failures: readonly DueFailure[] }> {
  const { signal, limit = Number.POSITIVE_INFINITY, concurrency = 8 } = options
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
      const room = roomFor(limit - results.length)
      const ends = await Promise.allSettled(some.map((each) => work(each, room)))
      for (const end of ends) if (end.status === 'fulfilled') for (const result of end.value) results.push(result)
      failures.push(...ends.flatMap((end, index) => failureOf(end, some[index])))
    }
    const last = found.at(-1)
    more = last !== undefined && found.length === PAGE
    after = last ? [last.nextAt, last.id] : null
  }
  return { results, failures }
}

function roomFor(places: number): Room {
  let left = places
  return {
    left: () => left,
    take(wanted) {
      const taken = Math.min(wanted, left)
      left -= taken
      return taken
    },
  }
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
