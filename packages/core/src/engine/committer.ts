import { LedgerError, ledgerError } from '../errors/index.js'
import type { Storage, Work } from '../storage/index.js'
import { commitBatch, type Fate, type Surroundings } from './batch.js'
import type { Outcome, Request } from './request.js'

/** The bounds of group commit. */
export interface CommitterLimits {
  /** Requests that may wait in one book; past it callers get `overloaded`. Default 20,000. */
  readonly maxQueued?: number | undefined
  /** Requests in one unit of work. Default 512. */
  readonly maxBatch?: number | undefined
  /** Bytes of input in one unit of work. Default 1,000,000. */
  readonly maxBatchSize?: number | undefined
  /**
   * What deciding and writing a unit of work should take, in milliseconds, its COMMIT not counted: batches shrink and
   * grow towards it. Default 20.
   */
  readonly targetMs?: number | undefined
}

/**
 * Group commit: requests that wait while a unit of work is under way go together into the next one, in arrival order. A
 * request that comes alone waits for nobody. Each book has its queue, and the books take turns.
 */
export interface Committer {
  submit(book: string, request: Request): Promise<Outcome<unknown>>
  /** Takes nothing new, finishes what was accepted, and resolves when all of it is answered. */
  close(): Promise<void>
}

interface Waiting {
  readonly request: Request
  readonly resolve: (outcome: Outcome<unknown>) => void
  readonly reject: (error: unknown) => void
  readonly unlisten: () => void
}

/** The smallest batch that time alone leads to: below it, the cost of a commit is all there is. */
const MIN_BATCH = 16
/** By how much the size of batches changes from one to the next. */
const STEP = 1.25

export function createCommitter(storage: Storage, limits: CommitterLimits, surroundings: Surroundings): Committer {
  const { maxQueued = 20_000, maxBatch = 512, maxBatchSize = 1_000_000, targetMs = 20 } = limits
  const queues = new Map<string, Waiting[]>()
  let batchLimit = Math.min(maxBatch, 128)
  let running: Promise<void> | null = null
  let closed = false

  function submit(book: string, request: Request): Promise<Outcome<unknown>> {
    if (closed) {
      return Promise.reject(
        ledgerError('ledger_closed', 'This ledger was closed and takes no commands. Create another.'),
      )
    }
    if (request.signal?.aborted) return Promise.reject(aborted(request))
    const queue = queues.get(book) ?? []
    queues.set(book, queue)
    if (queue.length >= maxQueued) {
      const message = `${queue.length} commands are waiting in book ${book}. Try again when some of them are done.`
      return Promise.reject(ledgerError('overloaded', message))
    }
    return new Promise((resolve, reject) => {
      queue.push(waitingOf(queue, { request, resolve, reject }))
      running ??= drain()
    })
  }

  async function drain(): Promise<void> {
    // Whoever else calls in this turn of the event loop is in the first batch.
    await Promise.resolve()
    while (queues.size > 0) {
      for (const [book, queue] of queues) {
        if (queue.length > 0) await commitNext(book, queue)
        // The callers that were answered may ask for more before the next batch is made up.
        await storage.runtime.yield()
        if (queue.length === 0) queues.delete(book)
      }
    }
    // In the same turn as the check above, so that no request slips in between.
    running = null
  }

  async function commitNext(book: string, queue: Waiting[]): Promise<void> {
    const batch = take(queue)
    const deferred = await commit(book, batch)
    queue.unshift(...deferred)
  }

  function take(queue: Waiting[]): Waiting[] {
    let size = 0
    let count = 0
    for (const { request } of queue) {
      size += request.size
      if (count > 0 && (count >= batchLimit || size > maxBatchSize)) break
      count += 1
    }
    const batch = queue.splice(0, count)
    for (const waiting of batch) waiting.unlisten()
    return batch
  }

  /**
   * Moves the limit towards batches that take the target time, by a step at a time either way: one batch that the
   * machine held up says little about the next.
   */
  function adapt(count: number, tookMs: number): void {
    if (tookMs > targetMs) batchLimit = Math.max(MIN_BATCH, Math.floor(batchLimit / STEP))
    else if (count >= batchLimit) batchLimit = Math.min(maxBatch, Math.ceil(batchLimit * STEP))
  }

  /**
   * The unit of work of a batch, timed from its first step to its last. Neither waiting for the database nor COMMIT
   * counts, since a smaller batch waits as long for a slow disk, and more often.
   */
  function* timed(requests: readonly Request[]): Work<readonly Fate[]> {
    const started = storage.runtime.elapsed()
    const fates = yield* commitBatch(requests, surroundings)
    adapt(requests.length, storage.runtime.elapsed() - started)
    return fates
  }

  /** Commits a batch and answers its callers; returns those that wait for the next one. */
  async function commit(book: string, batch: readonly Waiting[]): Promise<Waiting[]> {
    const requests = batch.map((waiting) => waiting.request)
    let fates: readonly Fate[]
    try {
      fates = await storage.transact(book, () => timed(requests))
    } catch (error) {
      return isRefusal(error) && batch.length > 1 ? commitHalves(book, batch) : rejectAll(batch, error)
    }
    return batch.filter((waiting, index) => {
      const fate = fates[index] as Fate
      if (fate.fate === 'done') waiting.resolve(fate.outcome)
      else if (fate.fate === 'refused') waiting.reject(fate.error)
      return fate.fate === 'deferred'
    })
  }

  /** The database refused a whole batch: halve it until the culprit stands alone. */
  async function commitHalves(book: string, batch: readonly Waiting[]): Promise<Waiting[]> {
    const middle = Math.ceil(batch.length / 2)
    const first = await commit(book, batch.slice(0, middle))
    const second = await commit(book, [...first, ...batch.slice(middle)])
    return second
  }

  return {
    submit,
    async close() {
      closed = true
      while (running) await running
    },
  }
}

function rejectAll(batch: readonly Waiting[], error: unknown): Waiting[] {
  for (const waiting of batch) waiting.reject(ofRequest(error, waiting.request))
  return []
}

/** A storage knows the keys of a batch; each caller has to repeat its own. */
function ofRequest(error: unknown, { key }: Request): unknown {
  if (!(error instanceof LedgerError) || error.code !== 'outcome_unknown') return error
  return ledgerError('outcome_unknown', error.message, { idempotencyKey: key }, { cause: error.cause })
}

/** Whether an error lies in what was written, so that a part of the batch may well be written without it. */
function isRefusal(error: unknown): boolean {
  return !(error instanceof LedgerError) || error.kind === 'internal'
}

function aborted(request: Request) {
  return ledgerError(
    'aborted',
    `${request.name} was taken back before it was carried out. Nothing has changed.`,
    undefined,
    { cause: request.signal?.reason },
  )
}

const nothing = () => {}

/** A place in the queue that its signal can take back. */
function waitingOf(queue: Waiting[], place: Omit<Waiting, 'unlisten'>): Waiting {
  const { signal } = place.request
  if (!signal) return { request: place.request, resolve: place.resolve, reject: place.reject, unlisten: nothing }
  const onAbort = () => {
    const index = queue.indexOf(waiting)
    if (index < 0) return
    queue.splice(index, 1)
    place.reject(aborted(place.request))
  }
  const waiting: Waiting = { ...place, unlisten: () => signal.removeEventListener('abort', onAbort) }
  signal.addEventListener('abort', onAbort, { once: true })
  return waiting
}
