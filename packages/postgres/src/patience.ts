import type { LedgerError, Runtime } from 'escrow-ledger'
import { awayError, busyError, isAway, isBusy, isLostRace, noneFreeError } from './errors.js'

const FIRST_WAIT_MS = 1
const LONGEST_WAIT_MS = 100
/** A race for a row is lost once or twice; a row that is in the way every time is there for good. */
const MOST_RACES = 5

/** The answer of an attempt that got no connection. */
export const TAKEN = Symbol('no connection is free')

/**
 * Repeats an attempt, which is told how long is left, while others are in the way, waiting ever longer in between, with
 * jitter so that processes do not march in step. When the next attempt would come too late it fails with `storage_busy`,
 * or with `storage_failed` where the server was away.
 */
export async function withPatience<Result>(
  runtime: Runtime,
  deadlineMs: number,
  attempt: (leftMs: number) => Promise<Result | typeof TAKEN>,
): Promise<Result> {
  const deadline = runtime.elapsed() + deadlineMs
  const left = () => deadline - runtime.elapsed()
  let longest = FIRST_WAIT_MS
  let races = 0
  /** Why the last attempt came to nothing; one that got no connection says less than one before it. */
  let cause: unknown
  while (true) {
    try {
      const result = await attempt(Math.max(0, left()))
      if (result !== TAKEN) return result
    } catch (error) {
      if (isLostRace(error)) races += 1
      else if (!isBusy(error) && !isAway(error)) throw error
      if (races > MOST_RACES) throw error
      cause = error
    }
    const waitMs = jittered(longest, runtime)
    if (waitMs >= left()) throw impatience(deadlineMs, cause)
    await runtime.sleep(waitMs)
    longest = Math.min(LONGEST_WAIT_MS, longest * 2)
  }
}

function impatience(deadlineMs: number, cause: unknown) {
  if (cause === undefined) return noneFreeError(deadlineMs)
  return isAway(cause) ? awayError(cause) : busyError(deadlineMs, cause)
}

/**
 * The same for a host that waits with its transaction open: no pause in between, in which others would overtake it, and
 * nothing of a server that is away, since the transaction went with it. Fails as `busy` words it when the time is over.
 */
export async function withInsistence<Result>(
  runtime: Runtime,
  { deadlineMs, busy }: { deadlineMs: number; busy: (deadlineMs: number, cause: unknown) => LedgerError },
  attempt: (leftMs: number) => Promise<Result>,
): Promise<Result> {
  const deadline = runtime.elapsed() + deadlineMs
  for (let races = 0; ; ) {
    try {
      return await attempt(Math.max(0, deadline - runtime.elapsed()))
    } catch (error) {
      if (isLostRace(error)) races += 1
      else if (!isBusy(error)) throw error
      if (races > MOST_RACES) throw error
      if (runtime.elapsed() >= deadline) throw busy(deadlineMs, error)
    }
  }
}

/** Between half of the longest wait and all of it. */
function jittered(longest: number, runtime: Runtime): number {
  const [byte = 0] = runtime.random(1)
  return longest * (0.5 + byte / 510)
}
