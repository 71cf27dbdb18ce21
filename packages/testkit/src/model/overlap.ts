import {
  type Ahead,
  type ChangeSet,
  invariant,
  type LedgerError,
  ledgerError,
  type Runtime,
  type Work,
} from 'escrow-ledger'
import type { BookState } from './book-state.js'
import { answerTo, readIn, type Unit } from './unit-of-work.js'

/**
 * Makes the model behave like a database across a network: every step takes a while, several units of work are under
 * way at once, and batches can be decided ahead.
 */
export interface OverlapOptions {
  /** Units of work that the engine may have under way at once, over all books. Default 4. */
  readonly inFlight?: number | undefined
  /** The longest that a step takes, in milliseconds. How long each one takes is random. Default 10. */
  readonly longestStepMs?: number | undefined
  /** Asked before each commit what becomes of it. Everything is committed unless this says otherwise. */
  readonly fate?: ((commit: Commit) => CommitFate) | undefined
  /** Told of each commit, in order, once everybody can see it. */
  readonly committed?: ((commit: Commit) => void) | undefined
}

export interface Commit {
  readonly book: string
  readonly changes: readonly ChangeSet[]
}

/**
 * What becomes of a commit: the database refuses its rows, or is too busy; its answer is lost, with nothing written
 * (`lost`), with everything written (`unanswered`), or written a while later (`late`), since the session lives on.
 */
export type CommitFate = 'committed' | 'refused' | 'busy' | 'lost' | 'unanswered' | 'late'

export interface Overlap {
  transact<Result>(book: string, work: () => Work<Result>): Promise<Result>
  readonly ahead: Ahead
}

interface Ground {
  readonly runtime: Runtime
  readonly books: Map<string, BookState>
  readonly checkOpen: () => void
}

/** Units of work lock their whole book, in an order that chance decides. */
export function createOverlap(
  { inFlight = 4, longestStepMs = 10, fate = () => 'committed', committed = () => {} }: OverlapOptions,
  { runtime, books, checkOpen }: Ground,
): Overlap {
  const locks = new Map<string, Promise<void>>()

  /** Between no time at all and the longest. */
  async function pause(): Promise<void> {
    const [byte = 0] = runtime.random(1)
    await runtime.sleep((longestStepMs * byte) / 255)
  }

  /** Resolves once the book is locked, with what unlocks it. */
  async function lock(book: string): Promise<() => void> {
    let unlock = () => {}
    const before = locks.get(book)
    locks.set(book, new Promise((resolve) => (unlock = resolve)))
    await before
    return unlock
  }

  async function transact<Result>(book: string, work: () => Work<Result>): Promise<Result> {
    checkOpen()
    await pause()
    const unlock = await lock(book)
    const unit: Unit = { name: book, state: books.get(book) ?? null }
    let over: Promise<void> = Promise.resolve()
    const commit = async (changes: readonly ChangeSet[]) => {
      const becomes = changes.length === 0 ? 'committed' : fate({ book, changes })
      await pause()
      const write = () => {
        if (unit.state) books.set(book, unit.state)
        committed({ book, changes })
      }
      if (becomes === 'late') over = pause().then(pause).then(write)
      else if (becomes === 'committed' || becomes === 'unanswered') write()
      if (becomes !== 'committed') throw failureOf(becomes)
    }
    try {
      return await drive(unit, work(), { commit, pause })
    } finally {
      void over.then(unlock)
    }
  }

  return {
    transact,
    ahead: {
      inFlight,
      async read(book, keys, idempotencyKeys) {
        checkOpen()
        await pause()
        const read = readIn(book, books.get(book) ?? null, { keys, idempotencyKeys })
        await pause()
        return read
      },
    },
  }
}

async function drive<Result>(
  unit: Unit,
  work: Work<Result>,
  { commit, pause }: { commit: (changes: readonly ChangeSet[]) => Promise<void>; pause: () => Promise<void> },
): Promise<Result> {
  const written: ChangeSet[] = []
  let ended = false
  let next = work.next()
  while (!next.done) {
    invariant(!ended, 'nothing follows what ends a unit of work')
    await pause()
    const step = next.value
    const answer = answerTo(unit, step)
    if (step.step === 'persist' && answer === 'persisted') {
      written.push(step.changes)
      ended = step.ends
      // The engine hears of what was persisted once it is committed.
      if (ended) await commit(written)
    }
    // The step's answer is what the function that yielded it declares; a generator's type cannot say so.
    next = work.next(answer as never)
  }
  if (!ended) await commit(written)
  return next.value
}

function failureOf(fate: Exclude<CommitFate, 'committed'>): LedgerError {
  if (fate === 'refused')
    return ledgerError('storage_refused', 'The model refused what was written, as it was told to.')
  if (fate === 'busy') return ledgerError('storage_busy', 'The model is busy, as it was told to be. Try again later.')
  return ledgerError(
    'outcome_unknown',
    'The answer of the commit was lost. Call again under the same idempotency key.',
    {
      idempotencyKey: '',
    },
  )
}
