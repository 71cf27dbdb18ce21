import type { Runtime } from '../storage/index.js'
import type { Logger } from './logger.js'

/** One thing that a worker does again and again. */
export interface Plan<Name extends string = string> {
  readonly task: Name
  readonly book: string
  readonly everyMs: number
  /** Does what is due; answers what is worth telling, or null where nothing was due. */
  readonly run: (signal: AbortSignal) => Promise<object | null>
}

export interface TaskHealth {
  readonly rounds: number
  readonly failures: number
  /** Milliseconds since 1970; null before the first round. */
  readonly lastStartedAt: number | null
  readonly lastEndedAt: number | null
  /** What the last round failed with; null where it ended well. */
  readonly lastError: string | null
}

export interface Task {
  /** One round, after the one that is under way. Never rejects: its health tells what went wrong. */
  round(signal: AbortSignal): Promise<void>
  /** Rounds until the signal is aborted. */
  loop(signal: AbortSignal): Promise<void>
  /** Resolves when no round is under way. */
  idle(): Promise<void>
  health(): TaskHealth
}

/** After failures the wait doubles, up to this many times the usual one. */
const LONGEST_FACTOR = 32
/** What a timer takes: beyond it, it would wake at once. */
const LONGEST_WAIT_MS = 2_147_483_647

export function createTask(plan: Plan, { runtime, logger }: { runtime: Runtime; logger: Logger }): Task {
  const { task, book } = plan
  let health: TaskHealth = { rounds: 0, failures: 0, lastStartedAt: null, lastEndedAt: null, lastError: null }
  let inARow = 0
  let underWay: Promise<void> = Promise.resolve()

  async function work(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    health = { ...health, rounds: health.rounds + 1, lastStartedAt: runtime.now() }
    try {
      const told = await plan.run(signal)
      inARow = 0
      health = { ...health, lastEndedAt: runtime.now(), lastError: null }
      if (told) logger.info({ task, book, ...told }, `${task} of ${book}`)
    } catch (error) {
      inARow += 1
      const lastError = error instanceof Error ? error.message : String(error)
      health = { ...health, failures: health.failures + 1, lastEndedAt: runtime.now(), lastError }
      logger.error({ task, book, err: error }, `${task} of ${book} failed: ${lastError}`)
    }
  }

  function round(signal: AbortSignal): Promise<void> {
    underWay = underWay.then(() => work(signal))
    return underWay
  }

  /** A tenth more or less, so that workers that were started together do not stay together. */
  function wait(): number {
    const [byte = 0] = runtime.random(1)
    const usual = plan.everyMs * Math.min(LONGEST_FACTOR, 2 ** inARow)
    return Math.min(LONGEST_WAIT_MS, usual * (0.9 + (0.2 * byte) / 255))
  }

  return {
    round,
    async loop(signal) {
      while (!signal.aborted) {
        await round(signal)
        await runtime.sleep(wait(), signal)
      }
    },
    idle: () => underWay,
    health: () => health,
  }
}
