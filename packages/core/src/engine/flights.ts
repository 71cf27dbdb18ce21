import type { Ahead, Runtime, Storage } from '../storage/index.js'
import type { Caution } from './caution.js'
import { decideBatch, type Surroundings } from './decide-batch.js'
import { type Arrival, createFlight, type Flight, fly, proofOf, STALE } from './flight.js'
import { gather } from './gather.js'
import { createHeld } from './held.js'
import { isUnknown, type LostCommit, lostCommit } from './lost-commit.js'
import type { Observed } from './observed.js'
import { MIN_BATCH, type Pace } from './pace.js'
import { answer, isRefusal, type Queue, rejectAll, requestsOf, type Waiting } from './queue.js'
import type { Request } from './request.js'

/** The batches of one book that are decided ahead, from records that are held, while those before them commit. */
export interface Flights {
  readonly underWay: () => number
  /** Whether a batch that begins with this request can be decided now. */
  canStart(first: Request): boolean
  /** Takes a batch from the queue, decides it and sends it; resolves when it is over, with what was lost of it. */
  start(): Promise<readonly LostCommit[]>
  /** Drops what is held, since the records are about to change underneath it. */
  forget(): void
}

export interface FlightsContext {
  readonly book: string
  readonly storage: Storage
  readonly ahead: Ahead
  readonly surroundings: Surroundings
  readonly runtime: Runtime
  readonly queue: Queue
  readonly caution: Caution
  readonly pace: Pace
  readonly maxBatch: number
  readonly maxBatchSize: number
  readonly observed: Observed | null
  /** Says that `canStart` or `underWay` may answer something else now. */
  readonly changed: () => void
}

const MOST_UNDER_WAY = 2
const MOST_HELD = 20_000

export function createFlights(context: FlightsContext): Flights {
  const { book, storage, surroundings, runtime, queue, caution, pace, observed, changed } = context
  const held = createHeld(MOST_HELD)
  const flights = new Set<Flight>()
  const keys = new Set<string>()
  const sources = { book, ahead: context.ahead, held, gateways: surroundings.gateways }
  let preparing = false

  /** Half of all calls at most, so that the other half can be decided while this one commits. */
  function take(): Waiting[] {
    const calls = [...flights].reduce((sum, flight) => sum + flight.batch.length, queue.length())
    return queue.take({
      count: Math.min(context.maxBatch, Math.max(MIN_BATCH, Math.ceil(calls / 2))),
      size: context.maxBatchSize,
      costOf: pace.costOf,
      // A key that is under way is looked up when that batch is over.
      fits: ({ key, direct }) => !direct.wholeBook && !keys.has(key),
    })
  }

  async function start(): Promise<readonly LostCommit[]> {
    const batch = take()
    observed?.takenUp(batch)
    observed?.queue(book, queue.length())
    preparing = true
    try {
      const flight = await prepare(batch)
      preparing = false
      changed()
      return flight === null ? [] : await travel(flight)
    } catch (error) {
      preparing = false
      return failed(batch, { error, fates: [] })
    }
  }

  /** Decides a batch; null where it was answered, or went back to the queue to be decided under locks. */
  async function prepare(batch: readonly Waiting[]): Promise<Flight | null> {
    const requests = requestsOf(batch)
    const basis = await gather(requests, sources)
    if (basis === null || caution.active()) return backUnderLocks(batch)
    const { fates, changes } = decideBatch(requests, basis, surroundings)
    if (changes === null) {
      // First results that are known are final. A refusal rests on records that nothing has compared.
      if (fates.some(({ fate }) => fate !== 'done')) return backUnderLocks(batch)
      answer(batch, fates)
      return null
    }
    const before = [...flights].at(-1) ?? null
    const flight = createFlight(batch, { basis, fates, changes, before })
    queue.putBack(batch.filter((_, index) => fates[index]?.fate === 'deferred'))
    flights.add(flight)
    for (const { request } of flight.batch) keys.add(request.key)
    held.apply(changes)
    held.trim([...flights])
    return flight
  }

  function backUnderLocks(batch: readonly Waiting[]): null {
    queue.putBack(batch)
    caution.once()
    return null
  }

  async function travel(flight: Flight): Promise<readonly LostCommit[]> {
    const { batch } = flight
    const started = runtime.elapsed()
    let asDecided = false
    try {
      const arrival = await arrive(flight)
      observed?.batch(batch, { book, path: 'ahead', outcome: outcomeOf(arrival), startedMs: started })
      asDecided = arrival.asDecided
      if (asDecided) caution.committedAhead()
      queue.putBack(arrival.fates === STALE ? batch : answer(batch, arrival.fates))
      pace.measured(requestsOf(batch), runtime.elapsed() - started)
      return []
    } catch (error) {
      const outcome = isUnknown(error) ? 'lost' : 'failed'
      observed?.batch(batch, { book, path: 'ahead', outcome, startedMs: started })
      return failed(batch, { error, fates: flight.fates })
    } finally {
      flights.delete(flight)
      for (const { request } of batch) keys.delete(request.key)
      held.release(flight.changes.entries)
      flight.land(asDecided)
      changed()
    }
  }

  async function arrive(flight: Flight): Promise<Arrival> {
    if (flight.before) {
      const first = await fly(flight, book, { storage, surroundings, mayGoOn: () => false })
      // The flight before was under way when this one was sent, and its rows may simply not have been there yet.
      if (first.fates !== STALE || !(await flight.before.landed)) return first
    }
    let stumbled = false
    const mayGoOn = () => {
      if (!stumbled) caution.stale()
      stumbled = true
      held.clear()
      return flights.size === 1
    }
    return fly(flight, book, { storage, surroundings, mayGoOn })
  }

  function failed(
    batch: readonly Waiting[],
    { error, fates }: Pick<Flight, 'fates'> & { error: unknown },
  ): LostCommit[] {
    held.clear()
    caution.once()
    if (isUnknown(error)) return [lostCommit({ batch, error, fates })]
    if (isRefusal(error)) queue.putBack(batch)
    else rejectAll(batch, error)
    return []
  }

  return {
    underWay: () => flights.size + (preparing ? 1 : 0),
    canStart: ({ key }) =>
      !preparing &&
      flights.size < MOST_UNDER_WAY &&
      !keys.has(key) &&
      [...flights].every((flight) => proofOf(flight) !== null),
    start,
    forget: held.clear,
  }
}

function outcomeOf({ fates, asDecided }: Arrival): 'committed' | 'redecided' | 'stale' {
  if (fates === STALE) return 'stale'
  return asDecided ? 'committed' : 'redecided'
}
