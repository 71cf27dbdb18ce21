import { LedgerError, ledgerError } from '../errors/index.js'
import type { Fate } from './decide-batch.js'
import type { Outcome, Request } from './request.js'

/** A call that waits for its answer. */
export interface Waiting {
  readonly request: Request
  /** Calls are carried out in the order in which they came. */
  readonly order: number
  readonly resolve: (outcome: Outcome<unknown>) => void
  readonly reject: (error: unknown) => void
  /** What its signal calls to take it back while it is in the queue; null where it has none. */
  readonly onAbort: (() => void) | null
}

interface TakeLimits {
  readonly count: number
  readonly size: number
  /** What a request costs, as a part of a whole batch; the one that makes it whole is the last. */
  readonly costOf: (request: Request) => number
  /** Whether a request may go with this batch; the first one that may not ends it. */
  readonly fits?: ((request: Request) => boolean) | undefined
}

/** The calls of one book that wait for a unit of work, in the order in which they came. */
export interface Queue {
  readonly length: () => number
  readonly first: () => Request | undefined
  add(request: Request): Promise<Outcome<unknown>>
  /** Takes the next batch: at least one call, however large it is. */
  take(limits: TakeLimits): Waiting[]
  /** Gives calls their old places back, but for those that were taken back meanwhile. */
  putBack(calls: readonly Waiting[]): void
}

export function createQueue(): Queue {
  const queue: Waiting[] = []
  let order = 0

  function takeBack({ request, reject }: Pick<Waiting, 'request' | 'reject'>): void {
    const index = queue.findIndex((waiting) => waiting.request === request)
    if (index < 0) return
    queue.splice(index, 1)
    reject(aborted(request))
  }

  /** Lets a signal take a call out of the queue. */
  function listen({ request, onAbort }: Waiting): void {
    if (onAbort) request.signal?.addEventListener('abort', onAbort, { once: true })
  }

  return {
    length: () => queue.length,
    first: () => queue[0]?.request,
    add: (request) =>
      new Promise((resolve, reject) => {
        const onAbort = request.signal ? () => takeBack({ request, reject }) : null
        const waiting = { request, order: order++, resolve, reject, onAbort }
        listen(waiting)
        queue.push(waiting)
      }),
    take({ count: most, size: largest, costOf, fits }) {
      let size = 0
      let cost = 0
      let count = 0
      for (const { request } of queue) {
        size += request.size
        if (count > 0 && (count >= most || cost >= 1 || size > largest || fits?.(request) === false)) break
        cost += costOf(request)
        count += 1
      }
      const batch = queue.splice(0, count)
      for (const { request, onAbort } of batch) if (onAbort) request.signal?.removeEventListener('abort', onAbort)
      return batch
    },
    putBack(calls) {
      const wanted = calls.filter(({ request, reject }) => {
        if (!request.signal?.aborted) return true
        reject(aborted(request))
        return false
      })
      if (wanted.length === 0) return
      for (const waiting of wanted) listen(waiting)
      queue.unshift(...wanted)
      // What comes back may lie behind calls that came back before it.
      queue.sort((left, right) => left.order - right.order)
    },
  }
}

/** Answers the callers of a batch; returns those that wait for the next one. */
export function answer(batch: readonly Waiting[], fates: readonly Fate[]): Waiting[] {
  return batch.filter((waiting, index) => {
    const fate = fates[index] as Fate
    if (fate.fate === 'done') waiting.resolve(fate.outcome)
    else if (fate.fate === 'refused') waiting.reject(fate.error)
    return fate.fate === 'deferred'
  })
}

export function rejectAll(batch: readonly Waiting[], error: unknown): void {
  for (const waiting of batch) waiting.reject(error)
}

export function requestsOf(batch: readonly Waiting[]): Request[] {
  return batch.map((waiting) => waiting.request)
}

/** Whether an error lies in what was read or written, so that a part of the batch may well be carried out without it. */
export function isRefusal(error: unknown): boolean {
  return !(error instanceof LedgerError) || error.kind !== 'unavailable'
}

export function aborted(request: Request) {
  return ledgerError(
    'aborted',
    `${request.name} was taken back before it was carried out, and nothing was changed. Call again if it is wanted after all.`,
    undefined,
    { cause: request.signal?.reason },
  )
}
