/**
 * How many requests a batch takes: moves towards batches that take the target time, by a step at a time either way, since
 * one batch that the machine held up says little about the next.
 */
export interface Pace {
  readonly limit: () => number
  measured(count: number, tookMs: number): void
}

/** The smallest batch that time alone leads to: below it, the cost of a commit is all there is. */
export const MIN_BATCH = 16
/** By how much the size of batches changes from one to the next. */
const STEP = 1.25

export function createPace({ start, most, targetMs }: { start: number; most: number; targetMs: number }): Pace {
  let limit = Math.min(start, most)
  return {
    limit: () => limit,
    measured(count, tookMs) {
      if (tookMs > targetMs) limit = Math.max(Math.min(MIN_BATCH, most), Math.floor(limit / STEP))
      else if (count >= limit) limit = Math.min(most, Math.ceil(limit * STEP))
    },
  }
}
