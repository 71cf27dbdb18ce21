import type { Runtime, Storage } from '../storage/index.js'
import { createCaution } from './caution.js'
import type { Surroundings } from './decide-batch.js'
import { createFlights } from './flights.js'
import { createLockedPath, type Left } from './locked-path.js'
import { type LostCommit, waitBefore } from './lost-commit.js'
import type { Observed } from './observed.js'
import type { Pace } from './pace.js'
import { createQueue, type Queue } from './queue.js'

/** One book's way through the committer: its queue, and the units of work that come of it. */
export interface Lane {
  readonly queue: Queue
  /** The next unit of work, which begins when it is called; null where there is none, or it has to wait. */
  next(): (() => Promise<void>) | null
  /** Whether there is nothing left to do. */
  idle(): boolean
}

export interface LaneContext {
  readonly book: string
  readonly storage: Storage
  readonly surroundings: Surroundings
  readonly runtime: Runtime
  readonly pace: Pace
  readonly maxBatch: number
  readonly maxBatchSize: number
  readonly recoveryTries: number
  readonly observed: Observed | null
  /** Says that `next` may answer something else now. */
  readonly changed: () => void
}

export function createLane(context: LaneContext): Lane {
  const { book, storage, runtime, pace, maxBatch, maxBatchSize, observed, changed } = context
  const queue = createQueue()
  const caution = createCaution()
  const locked = createLockedPath(context)
  const { ahead } = storage
  const flights = ahead ? createFlights({ ...context, ahead, queue, caution }) : null
  const lost: LostCommit[] = []
  let alone = false
  let resting = false

  function next(): (() => Promise<void>) | null {
    if (alone || resting) return null
    const first = queue.first()
    const canLock = flights === null || flights.underWay() === 0
    // Whatever may rest on a commit whose answer was lost waits until its outcome is known.
    if (lost.length > 0) return canLock ? () => runAlone(recoverFirst) : null
    if (!first) return null
    if (flights === null || caution.active() || first.direct.wholeBook)
      return canLock ? () => runAlone(commitNext) : null
    return flights.canStart(first) ? send : null
  }

  async function send(): Promise<void> {
    mislay((await flights?.start()) ?? [])
  }

  async function runAlone(work: () => Promise<Left>): Promise<void> {
    alone = true
    flights?.forget()
    const left = await work()
    queue.putBack(left.deferred)
    mislay(left.lost)
    alone = false
  }

  async function commitNext(): Promise<Left> {
    // What asks for the whole book goes by itself, so that everything else keeps its pace.
    const wholeBook = flights !== null && !caution.active()
    const fits = wholeBook
      ? ({ direct }: { direct: { wholeBook?: true | undefined } }) => direct.wholeBook === true
      : undefined
    const batch = queue.take({ count: maxBatch, size: maxBatchSize, costOf: pace.costOf, fits })
    observed?.queue(book, queue.length())
    const left = await locked.commit(batch)
    caution.committedUnderLocks()
    return left
  }

  async function recoverFirst(): Promise<Left> {
    return locked.recover(lost.shift() as LostCommit)
  }

  /** Puts calls with an unknown outcome before all others, and waits a while before they are tried again. */
  function mislay(more: readonly LostCommit[]): void {
    const [tried] = more
    if (!tried) return
    lost.unshift(...more)
    lost.sort((left, right) => orderOf(left) - orderOf(right))
    if (tried.tries > 0) void rest(waitBefore(tried, runtime.random))
  }

  async function rest(ms: number): Promise<void> {
    resting = true
    await runtime.sleep(ms)
    resting = false
    changed()
  }

  return {
    queue,
    next,
    idle: () => !alone && !resting && lost.length === 0 && queue.length() === 0 && !flights?.underWay(),
  }
}

function orderOf({ batch }: LostCommit): number {
  return batch[0]?.order ?? 0
}
