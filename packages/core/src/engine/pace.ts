import type { Request } from './request.js'

/**
 * How much a batch takes, so that it takes the target time. What a request costs is learnt for each command by itself, as
 * a part of a batch for each character of its input: a settlement takes many times as long as an entry, and an entry of a
 * hundred postings as well. It moves by a step at a time either way, since one batch that the machine held up says little
 * about the next.
 */
export interface Pace {
  /** What is expected of a request, as a part of a whole batch. */
  costOf(request: Paced): number
  measured(requests: readonly Paced[], tookMs: number): void
}

type Paced = Pick<Request, 'name' | 'size'>

/** The smallest batch of usual requests that time alone leads to: below it, the cost of a commit is all there is. */
export const MIN_BATCH = 16
/** By how much a cost changes from one batch to the next. */
const STEP = 1.25
/** What every request weighs, in characters of input. */
const BASE = 200
/** What an entry of two postings weighs. */
const USUAL = 2 * BASE

export function createPace({ start, targetMs }: { start: number; targetMs: number }): Pace {
  const costs = new Map<string, number>()
  const first = 1 / (start * USUAL)
  const most = Math.max(first, 1 / (MIN_BATCH * USUAL))

  const costOf = ({ name, size }: Paced): number => (costs.get(name) ?? first) * (BASE + size)

  return {
    costOf,
    measured(requests, tookMs) {
      const parts = new Map<string, number>()
      let whole = 0
      for (const request of requests) {
        const cost = costOf(request)
        parts.set(request.name, (parts.get(request.name) ?? 0) + cost)
        whole += cost
      }
      const step = tookMs > targetMs ? STEP : whole >= 1 ? 1 / STEP : 1
      // The more of the batch was of a command, the more its time says about it.
      for (const [name, part] of parts) {
        costs.set(name, Math.min(most, (costs.get(name) ?? first) * step ** (part / whole)))
      }
    },
  }
}
