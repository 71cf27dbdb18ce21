/** How many requests a batch takes: moves towards batches that take the target time. */
export interface Pace {
  readonly limit: () => number
  measured(count: number, tookMs: number): void
}

/** The smallest batch that time alone leads to: below it, the cost of a commit is all there is. */
export const MIN_BATCH = 16

export function createPace({ start, most, targetMs }: { start: number; most: number; targetMs: number }): Pace {
  let limit = Math.min(start, most)
  return {
    limit: () => limit,
    measured(count, tookMs) {
      if (tookMs > targetMs) limit = Math.max(MIN_BATCH, Math.floor((limit * targetMs) / tookMs))
      else if (count >= limit) limit = Math.min(most, Math.ceil(limit * 1.25))
    },
  }
}
