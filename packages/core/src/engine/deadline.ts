import type { Runtime } from '../storage/index.js'

/** A gateway was given its time and did not answer. */
export class DeadlinePassed extends Error {}

interface Timed<Answer> {
  readonly work: () => Promise<Answer>
  readonly deadlineMs: number
  /** Aborted when the deadline has passed, so that the work ends as well. */
  readonly call: AbortController
}

/** The answer of some work, or `DeadlinePassed` where it takes longer than it may, on the ledger's own clock. */
export async function withinDeadline<Answer>(runtime: Runtime, timed: Timed<Answer>): Promise<Answer> {
  const { work, deadlineMs, call } = timed
  const ended = new AbortController()
  const late = runtime.sleep(deadlineMs, ended.signal).then(() => {
    if (ended.signal.aborted) return new Promise<never>(() => {})
    call.abort(new Error('the deadline has passed'))
    throw new DeadlinePassed(`no answer within ${deadlineMs} ms`)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    ended.abort()
  }
}
