import { ledgerError, type Reads, type Runtime, type Storage, type Work } from 'escrow-ledger'
import { platformRuntime } from '../runtime/platform-runtime.js'
import type { BookState } from './book-state.js'
import { createModelReads } from './model-reads.js'
import { createOverlap, type OverlapOptions } from './overlap.js'
import { driveUnit } from './unit-of-work.js'

export interface ModelOptions {
  /** Clock, timers and randomness; the platform's own by default. */
  readonly runtime?: Runtime | undefined
  /** Lets units of work overlap, and offers to be decided ahead. Without it one ends before the next one starts. */
  readonly overlap?: OverlapOptions | undefined
}

/**
 * Keeps books in memory, written to be evidently right rather than fast: what other storages are compared with, and a
 * storage for tests. Nothing survives it. It checks its caller as well: keys out of the canonical order, and changes that
 * a database would refuse, fail with `invariant_violated` and `storage_refused`.
 */
export function createModelStorage({ runtime = platformRuntime, overlap }: ModelOptions = {}): Storage {
  const books = new Map<string, BookState>()
  let closed = false

  function checkOpen(): void {
    if (closed) throw ledgerError('ledger_closed', 'This storage was closed.')
  }

  async function transactAtOnce<Result>(book: string, work: () => Work<Result>): Promise<Result> {
    checkOpen()
    // Nothing in here awaits, so one unit of work ends before the next one starts. One that throws leaves no state.
    const { result, state } = driveUnit(book, books.get(book) ?? null, work())
    if (state) books.set(book, state)
    return result
  }

  function readsOf(states: ReadonlyMap<string, BookState>): Reads {
    const opened = () => {
      checkOpen()
      return states
    }
    return createModelReads(
      (book) => opened().get(book) ?? null,
      () => [...opened().keys()],
    )
  }

  return {
    runtime,
    async migrate() {
      checkOpen()
    },
    ...(overlap ? createOverlap(overlap, { runtime, books, checkOpen }) : { transact: transactAtOnce }),
    reads: readsOf(books),
    async snapshot(read) {
      checkOpen()
      // A state that a unit of work leaves takes the place of the one before it, which stays as it was.
      return read(readsOf(new Map(books)))
    },
    async close() {
      closed = true
    },
  }
}
