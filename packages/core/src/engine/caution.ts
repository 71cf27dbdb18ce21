/**
 * How a book returns from the locked path to deciding ahead: after a batch that was stale it commits a number of batches
 * under locks, twice as many each time in a row. It counts batches, since time says nothing about who else writes.
 */
export interface Caution {
  /** Whether the next batch is decided under locks. */
  readonly active: () => boolean
  /** Others write what this book's batches were decided on. */
  stale(): void
  /** The next batch is decided under locks, for a reason that says nothing about the ones after it. */
  once(): void
  committedUnderLocks(): void
  committedAhead(): void
}

const MOST = 64

export function createCaution(): Caution {
  let left = 0
  let last = 0
  return {
    active: () => left > 0,
    stale() {
      last = Math.min(MOST, Math.max(1, 2 * last))
      left = last
    },
    once() {
      left = Math.max(1, left)
    },
    committedUnderLocks() {
      left = Math.max(0, left - 1)
    },
    committedAhead() {
      last = 0
    },
  }
}
