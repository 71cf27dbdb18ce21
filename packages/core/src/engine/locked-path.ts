import { LedgerError } from '../errors/index.js'
import type { Runtime, Storage, Work } from '../storage/index.js'
import { type Attempt, commitBatch } from './batch.js'
import type { Fate, Surroundings } from './decide-batch.js'
import { giveUp, isUnknown, type LostCommit, lostCommit } from './lost-commit.js'
import type { Observed } from './observed.js'
import type { Pace } from './pace.js'
import { answer, isRefusal, rejectAll, requestsOf, type Waiting } from './queue.js'
import type { Request } from './request.js'

/** What is left of a batch when those that could be answered are. */
export interface Left {
  /** Calls that wait for the next batch. */
  readonly deferred: readonly Waiting[]
  /** Calls of which it is not known whether they were carried out. */
  readonly lost: readonly LostCommit[]
}

/** Commits batches of one book under locks, and answers their callers. */
export interface LockedPath {
  commit(batch: readonly Waiting[]): Promise<Left>
  /** Finds out what became of a commit whose answer was lost, by committing the same batch again. */
  recover(lost: LostCommit): Promise<Left>
}

export interface LockedPathContext {
  readonly book: string
  readonly storage: Storage
  readonly surroundings: Surroundings
  readonly runtime: Runtime
  readonly pace: Pace
  /** How often a commit whose answer was lost is tried again. */
  readonly recoveryTries: number
  readonly observed: Observed | null
}

const nothing: Left = { deferred: [], lost: [] }

export function createLockedPath(context: LockedPathContext): LockedPath {
  const { book, storage, surroundings, runtime, pace, recoveryTries, observed } = context

  /**
   * A unit of work, timed from its first step to its last. Neither waiting for the database nor COMMIT counts, since a
   * smaller batch waits as long for a slow disk, and more often.
   */
  function* timed(requests: readonly Request[], attempt: Attempt): Work<readonly Fate[]> {
    const started = runtime.elapsed()
    const fates = yield* commitBatch(requests, surroundings, attempt)
    pace.measured(requests, runtime.elapsed() - started)
    return fates
  }

  async function attempt(batch: readonly Waiting[], lost: LostCommit | null): Promise<Left | Failure> {
    const requests = requestsOf(batch)
    const startedMs = observed?.elapsed() ?? 0
    const path = lost === null ? 'locked' : 'recovery'
    observed?.takenUp(batch)
    let fates: readonly Fate[] = []
    const told = (decided: readonly Fate[]) => {
      fates = decided
    }
    try {
      const work = () => timed(requests, { told, firsts: lost?.firsts })
      const decided = await storage.transact(book, work)
      observed?.batch(batch, { book, path, outcome: 'committed', startedMs })
      return { deferred: answer(batch, decided), lost: [] }
    } catch (error) {
      observed?.batch(batch, { book, path, outcome: isUnknown(error) ? 'lost' : 'failed', startedMs })
      return { error, fates }
    }
  }

  async function commit(batch: readonly Waiting[]): Promise<Left> {
    const left = await attempt(batch, null)
    if (!('error' in left)) return left
    if (isUnknown(left.error)) return { deferred: [], lost: [lostCommit({ batch, ...left })] }
    if (isRefusal(left.error) && batch.length > 1) return commitHalves(batch)
    rejectAll(batch, left.error)
    return nothing
  }

  /** The database refused a whole batch: halve it until the culprit stands alone. */
  async function commitHalves(batch: readonly Waiting[]): Promise<Left> {
    const [first, second] = halvesOf(batch)
    const { deferred, lost } = await commit(first)
    const rest = [...deferred, ...second]
    return lost.length > 0 ? { deferred: rest, lost } : commit(rest)
  }

  async function recover(lost: LostCommit): Promise<Left> {
    const { batch } = lost
    const left = await attempt(batch, lost)
    if (!('error' in left)) return left
    const { error, fates } = left
    // Nothing of this attempt was written, and what the lost one wrote is found in the halves as well.
    if (isRefusal(error) && batch.length > 1) {
      return { deferred: [], lost: halvesOf(batch).map((half) => ({ ...lost, batch: half })) }
    }
    const tries = lost.tries + 1
    if (!isWorthAnotherTry(error) || tries >= recoveryTries) {
      giveUp(lost, error)
      return nothing
    }
    const unknown = isUnknown(error)
    return { deferred: [], lost: [unknown ? lostCommit({ batch, error, fates, before: lost }) : { ...lost, tries }] }
  }

  return { commit, recover }
}

interface Failure {
  readonly error: unknown
  readonly fates: readonly Fate[]
}

function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof LedgerError && error.kind === 'unavailable' && error.retryable
}

function halvesOf(batch: readonly Waiting[]): [Waiting[], Waiting[]] {
  const middle = Math.ceil(batch.length / 2)
  return [batch.slice(0, middle), batch.slice(middle)]
}
