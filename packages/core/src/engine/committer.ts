import { ledgerError } from '../errors/index.js'
import type { Runtime, Storage } from '../storage/index.js'
import type { Surroundings } from './decide-batch.js'
import { createLane, type Lane } from './lane.js'
import type { Observed } from './observed.js'
import { createPace } from './pace.js'
import { aborted } from './queue.js'
import type { Outcome, Request } from './request.js'

/** The bounds of group commit. */
export interface CommitterLimits {
  /** Requests that may wait in one book; past it callers get `overloaded`. Default 20,000. */
  readonly maxQueued?: number | undefined
  /** Requests in one unit of work. Default 1,024; 512 where batches are decided ahead, since two of them are under way. */
  readonly maxBatch?: number | undefined
  /** Bytes of input in one unit of work. Default 1,000,000. */
  readonly maxBatchSize?: number | undefined
  /**
   * What deciding and writing a unit of work should take, in milliseconds, its COMMIT not counted: batches shrink and
   * grow towards it. Default 50, since a storage without a network holds the event loop meanwhile; 250 where batches are
   * decided ahead.
   */
  readonly targetMs?: number | undefined
  /**
   * How often a batch is tried again, with ever longer waits of up to two seconds, when the answer of its commit was
   * lost; then its callers get `outcome_unknown`. Default 12.
   */
  readonly recoveryTries?: number | undefined
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

/** Books of which records stay held while nobody asks anything of them. */
const MOST_IDLE = 32

export function createCommitter(
  storage: Storage,
  limits: CommitterLimits,
  {
    runtime,
    observed,
    ...surroundings
  }: Surroundings & { readonly runtime: Runtime; readonly observed: Observed | null },
): Committer {
  const { ahead } = storage
  const { maxQueued = 20_000, maxBatchSize = 1_000_000, recoveryTries = 12 } = limits
  const { maxBatch = ahead ? 512 : 1_024, targetMs = ahead ? 250 : 50 } = limits
  const pace = createPace({ start: ahead ? maxBatch : 128, targetMs })
  const inFlight = ahead?.inFlight ?? 1
  const lanes = new Map<string, Lane>()
  /** Books with something to do, the one that was served longest ago first. */
  const active = new Set<string>()
  let underWay = 0
  let running: Promise<void> | null = null
  let wake = () => {}
  let closed = false

  function submit(book: string, request: Request): Promise<Outcome<unknown>> {
    if (closed) {
      return Promise.reject(
        ledgerError('ledger_closed', 'This ledger was closed and takes no commands. Create another.'),
      )
    }
    if (request.signal?.aborted) return Promise.reject(aborted(request))
    const { queue } = laneOf(book)
    if (queue.length() >= maxQueued) {
      const message = `${queue.length()} commands are waiting in book ${book}. Try again when some of them are done.`
      return Promise.reject(ledgerError('overloaded', message))
    }
    const answered = queue.add(request)
    observed?.queue(book, queue.length())
    active.add(book)
    if (running === null) running = drain()
    else if (underWay < inFlight) wake()
    return answered
  }

  function laneOf(book: string): Lane {
    const known = lanes.get(book)
    if (known) return known
    const changed = () => wake()
    const given = { book, storage, surroundings, runtime, pace, maxBatch, maxBatchSize, recoveryTries, observed }
    const lane = createLane({ ...given, changed })
    lanes.set(book, lane)
    return lane
  }

  async function drain(): Promise<void> {
    // Whoever else calls in this turn of the event loop is in the first batch.
    await Promise.resolve()
    while (active.size > 0) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      startAll()
      if (active.size === 0) break
      await woken
      // The callers that were answered may ask for more before the next batch is made up.
      await runtime.yield()
    }
    // In the same turn as the check above, so that no request slips in between.
    running = null
  }

  /** Starts what can be started; the books take turns. */
  function startAll(): void {
    for (const book of [...active]) {
      const lane = laneOf(book)
      if (lane.idle()) retire(book, lane)
      const unit = underWay < inFlight ? lane.next() : null
      if (unit === null) continue
      active.delete(book)
      active.add(book)
      void run(unit)
    }
  }

  async function run(unit: () => Promise<void>): Promise<void> {
    underWay += 1
    await unit()
    underWay -= 1
    wake()
  }

  /** A book that rests keeps what is held of it for a while, where anything is. */
  function retire(book: string, lane: Lane): void {
    active.delete(book)
    lanes.delete(book)
    if (!ahead) return
    lanes.set(book, lane)
    for (const [name, { idle }] of lanes) {
      if (lanes.size - active.size <= MOST_IDLE) return
      if (idle()) lanes.delete(name)
    }
  }

  return {
    submit,
    async close() {
      closed = true
      while (running) await running
    },
  }
}
