import { type Assumed, type ChangeSet, persist, type Storage, type Work } from '../storage/index.js'
import { commitBatch } from './batch.js'
import type { Basis, Decided, Fate, Surroundings } from './decide-batch.js'
import { assumedOf, type Touched } from './held.js'
import { requestsOf, type Waiting } from './queue.js'

/** A batch that was decided ahead, while its unit of work is under way. */
export interface Flight extends Touched {
  /** The calls that wait for this unit of work; those that were deferred are back in the queue. */
  readonly batch: readonly Waiting[]
  readonly changes: ChangeSet
  readonly assumed: Assumed
  /** The flight that was under way when this one was sent, on whose changes it rests. */
  readonly before: Flight | null
  /** What its callers are to be answered. */
  fates: readonly Fate[]
  /** Resolves when it is over, with whether it was persisted as it was decided. */
  readonly landed: Promise<boolean>
  readonly land: (persisted: boolean) => void
}

export function createFlight(
  batch: readonly Waiting[],
  { basis, changes, fates, before }: Decided & { basis: Basis; changes: ChangeSet; before: Flight | null },
): Flight {
  const stays = fates.map((fate) => fate.fate !== 'deferred')
  let land: (persisted: boolean) => void = () => {}
  const landed = new Promise<boolean>((resolve) => {
    land = resolve
  })
  const proof = before ? proofOf(before) : null
  return {
    batch: batch.filter((_, index) => stays[index]),
    fates: fates.filter((_, index) => stays[index]),
    records: basis.records,
    changes,
    assumed: assumedOf(basis.records, proof === null ? [] : [proof]),
    before,
    landed,
    land,
  }
}

/**
 * An entry whose presence proves that a flight was persisted as it was decided; null where it posts none, and then
 * nothing can be sent on top of it. Revisions alone would not tell: had it turned out stale because another writer
 * changed the same records as often as it would have, they would be the same.
 */
export function proofOf({ changes }: Flight): string | null {
  return changes.entries.at(-1)?.id ?? null
}

export const STALE = Symbol('a unit of work that wrote nothing, since what it assumed does not hold')

/** What a unit of work asks of the book while it runs. */
export interface Course {
  readonly surroundings: Surroundings
  /** Whether a stale batch may go on under locks at once: no other unit of work of this book is under way. */
  readonly mayGoOn: () => boolean
}

/** Persists a flight as it was decided, or decides its calls again under locks where that may be. */
function* flightWork(flight: Flight, { surroundings, mayGoOn }: Course): Work<readonly Fate[] | typeof STALE> {
  const { fates } = flight
  if ((yield* persist(flight.changes, flight.assumed, { ends: true })) === 'persisted') return fates
  if (!mayGoOn()) return STALE
  const told = (again: readonly Fate[]) => {
    flight.fates = again
  }
  return yield* commitBatch(requestsOf(flight.batch), surroundings, { told })
}

export interface Arrival {
  readonly fates: readonly Fate[] | typeof STALE
  /** Whether the flight was persisted as it was decided. */
  readonly asDecided: boolean
}

/** Runs one unit of work of a flight. */
export async function fly(
  flight: Flight,
  book: string,
  { storage, ...course }: Course & { storage: Storage },
): Promise<Arrival> {
  const decided = flight.fates
  const fates = await storage.transact(book, () => {
    flight.fates = decided
    return flightWork(flight, course)
  })
  return { fates, asDecided: fates === decided }
}
