import type { PayoutRunOptions } from '../engine/payout-run.js'
import type { Ledger } from '../ledger.js'
import { checkWorker } from './check-worker.js'
import { type Logger, silent, unfailing } from './logger.js'
import { createTask, type Task, type TaskHealth } from './task.js'
import { taskPlans } from './task-plans.js'

export interface WorkerOptions {
  /**
   * The books that it looks after; the ledger's own unless it is given. Only the first polls what gateways have sent to
   * our banks, since two books of one gateway account would both post a settlement. Books with gateway accounts of their
   * own each need a ledger with those adapters, and a worker.
   */
  readonly books?: readonly string[] | undefined
  /** Told of what went wrong, and of what was done; pino's and the console's shape. What it throws itself stops nothing. */
  readonly logger?: Logger | undefined
  /** Milliseconds between the end of one round of a task and the next, by its name; above zero. */
  readonly everyMs?: Readonly<Partial<Record<TaskName, number>>> | undefined
  /** Automatic payouts: each payee at most once in each period. None unless it is given. */
  readonly payouts?: readonly Omit<PayoutRunOptions, 'signal' | 'actor'>[] | undefined
  /** Does nothing by itself: `runOnce` is called by a scheduler of the host's. */
  readonly manual?: boolean | undefined
}

/** What a worker does, and in which order one round of all goes. */
export type TaskName = 'inbox' | 'settle' | 'payouts' | 'dispatch' | 'statements'

export interface WorkerHealth {
  readonly state: 'running' | 'stopping' | 'stopped'
  /** Whether every task's last round ended well. */
  readonly ok: boolean
  readonly tasks: readonly (TaskHealth & { readonly task: TaskName; readonly book: string })[]
}

/** Does by itself what has to be done: settles, pays out, dispatches, polls, applies webhooks. */
export interface Worker {
  /** One round of every task, one after another. Failures of a task are told by its health, and do not stop the others. */
  runOnce(): Promise<WorkerHealth>
  health(): WorkerHealth
  /** Begins nothing more, and resolves when what was begun is done. */
  stop(): Promise<void>
}

/**
 * Starts a worker. Any number of them may work on the same books: what one has taken, the others leave alone. Each of its
 * tasks goes on by itself, so that a gateway that does not answer keeps nobody from settling. Stop it before the ledger is
 * closed. Throws `invalid_input`.
 */
export function createWorker(ledger: Ledger, options: WorkerOptions = {}): Worker {
  checkWorker(ledger, options)
  const { manual = false } = options
  const logger = unfailing(options.logger ?? silent)
  const books = options.books ?? [ledger.name]
  const stopping = new AbortController()
  const plans = books.flatMap((book, index) =>
    taskPlans(ledger.book(book), { book, now: ledger.runtime.now, options, pollsStatements: index === 0 }),
  )
  const tasks = plans.map((plan) => ({ plan, task: createTask(plan, { runtime: ledger.runtime, logger }) }))
  const loops = manual ? [] : tasks.map(({ task }) => task.loop(stopping.signal))
  let stopped = false

  function health(): WorkerHealth {
    const told = tasks.map(({ plan, task }) => ({ task: plan.task, book: plan.book, ...task.health() }))
    const state = stopped ? 'stopped' : stopping.signal.aborted ? 'stopping' : 'running'
    return { state, ok: told.every(({ lastError }) => lastError === null), tasks: told }
  }

  return {
    async runOnce() {
      for (const { task } of tasks) await task.round(stopping.signal)
      return health()
    },
    health,
    async stop() {
      stopping.abort()
      await Promise.all([...loops, ...tasks.map(({ task }: { task: Task }) => task.idle())])
      stopped = true
    },
  }
}
