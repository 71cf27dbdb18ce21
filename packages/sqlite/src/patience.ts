import type { LedgerError, Runtime } from 'escrow-ledger'
import { busyError, isBusy } from './errors.js'

const FIRST_WAIT_MS = 1
/** Short, since a process that writes without a pause leaves the lock free for moments only. */
const LONGEST_WAIT_MS = 10

/** The answer of an attempt that found the database taken without an error to show for it. */
export const TAKEN = Symbol('the connection is taken')

/**
 * Repeats an attempt, which is told how long is left, while the database is taken, waiting ever longer in between, with jitter so that processes do not
 * march in step; then fails with `storage_busy`, as `busy` words it. The event loop is free while it waits.
 */
export async function withPatience<Result>(
  runtime: Runtime,
  deadlineMs: number,
  attempt: (leftMs: number) => Promise<Result | typeof TAKEN>,
  busy: (deadlineMs: number, cause: unknown) => LedgerError = busyError,
): Promise<Result> {
  const deadline = runtime.elapsed() + deadlineMs
  let longest = FIRST_WAIT_MS
  while (true) {
    const cause = await attempt(deadline - runtime.elapsed()).then(
      (result) => (result === TAKEN ? TAKEN : { result }),
      (error: unknown) => {
        if (!isBusy(error)) throw error
        return { error }
      },
    )
    if (cause !== TAKEN && 'result' in cause) return cause.result
    const left = deadline - runtime.elapsed()
    if (left <= 0) throw busy(deadlineMs, cause === TAKEN ? undefined : cause.error)
    await runtime.sleep(Math.min(left, jittered(longest, runtime)))
    longest = Math.min(LONGEST_WAIT_MS, longest * 2)
  }
}

/** Between half of the longest wait and all of it. */
function jittered(longest: number, runtime: Runtime): number {
  const [byte = 0] = runtime.random(1)
  return longest * (0.5 + byte / 510)
}
