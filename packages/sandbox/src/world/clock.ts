export interface SandboxClock {
  /** Milliseconds since 1970. It stands still until it is advanced. */
  now(): number
  /**
   * Goes forward by so many milliseconds, and does on the way what falls due, in order of time and, at one instant, in
   * the order in which it was scheduled. Webhooks are delivered before it
   * goes on; a receiver of theirs that waits for the clock waits in vain.
   */
  advance(ms: number): Promise<void>
}

export interface Scheduler extends SandboxClock {
  /** An instant that has passed is now: it is done with the next advance, of 0 too. */
  schedule(at: number, what: () => void): void
  /** When the next falls due, undefined when nothing does. */
  nextAt(): number | undefined
  /** Called before the clock goes on, and after each thing that fell due. */
  onStep(step: () => Promise<void>): void
}

interface Due {
  readonly at: number
  readonly what: () => void
}

/** Behind all that fall due by then. Thousands of deadlines may be waiting, so it is found by halving. */
function placeOf(due: readonly Due[], at: number): number {
  let [low, high] = [0, due.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((due[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** A clock that moves only when told to. It starts at `startAt`, in milliseconds. */
export function createClock(startAt: number): Scheduler {
  if (!Number.isSafeInteger(startAt)) throw new RangeError('The clock starts at a whole number of milliseconds.')
  let now = startAt
  const due: Due[] = []
  let step = async () => {}
  let last: Promise<void> = Promise.resolve()

  async function advanceTo(target: number): Promise<void> {
    await step()
    for (let next = due[0]; next && next.at <= target; next = due[0]) {
      due.shift()
      now = Math.max(now, next.at)
      next.what()
      await step()
    }
    now = Math.max(now, target)
  }

  return {
    now: () => now,
    advance(ms) {
      if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError('The clock goes forward by whole milliseconds.')
      // One after the other, so that each covers the distance that it was asked for.
      const done = last.then(() => advanceTo(now + ms))
      last = done.catch(() => {})
      return done
    },
    schedule(at, what) {
      due.splice(placeOf(due, at), 0, { at, what })
    },
    nextAt: () => due[0]?.at,
    onStep(given) {
      step = given
    },
  }
}
