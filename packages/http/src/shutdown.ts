import type { Ledger, Worker } from 'escrow-ledger'
import type { Handler } from './handler.js'
import type { Logger } from './observer.js'

/** The part of Node's HTTP server that is used. Others may be put into this shape. */
export interface StoppableServer {
  /** Takes no new connections; calls back when the last one is closed. */
  close(done: (error?: Error) => void): unknown
  /** Closes connections on which nothing is under way. */
  closeIdleConnections?(): void
  /** Closes all connections, whatever is under way on them. */
  closeAllConnections?(): void
}

export interface ShutdownOptions {
  readonly handler: Pick<Handler, 'drain'>
  readonly ledger: Pick<Ledger, 'close' | 'runtime'>
  readonly worker?: Pick<Worker, 'stop'> | undefined
  readonly server?: StoppableServer | undefined
  /**
   * How long requests under way, and then the worker's tasks, may take each before the next step is taken all the same, in
   * milliseconds; 30,000 unless it is given. The ledger is always waited for: what it accepted is written.
   */
  readonly graceMs?: number | undefined
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'error'> | undefined
}

/** What was not done in its time, or failed; nothing, where all went well. */
export interface ShutdownReport {
  readonly late: readonly ShutdownStep[]
  readonly failed: readonly ShutdownStep[]
}

/** In the order in which they are taken. */
export type ShutdownStep = 'server' | 'handler' | 'worker' | 'ledger'

/**
 * Makes the function that stops a process: call it on SIGTERM and SIGINT. It stops taking connections, lets requests under
 * way be answered, stops the worker and closes the ledger, in this order. Called again it answers the same promise. It
 * never rejects: what fails is logged, and the next step is taken.
 */
export function createShutdown(options: ShutdownOptions): () => Promise<ShutdownReport> {
  let stopping: Promise<ShutdownReport> | null = null
  return () => {
    stopping ??= stop(options)
    return stopping
  }
}

async function stop(options: ShutdownOptions): Promise<ShutdownReport> {
  const { handler, worker, ledger, server, graceMs = 30_000, logger } = options
  const { runtime } = ledger
  const late: ShutdownStep[] = []
  const failed: ShutdownStep[] = []

  /** Takes a step, and waits for it no longer than it may take. */
  async function take(step: ShutdownStep, work: () => Promise<unknown>, most = graceMs): Promise<void> {
    const inTime = new AbortController()
    const done = attempt(step, work).then(() => inTime.abort())
    await Promise.race([done, runtime.sleep(most, inTime.signal)])
    if (inTime.signal.aborted) return
    late.push(step)
    logger?.warn({ step, graceMs: most }, 'A step of stopping took too long, and the next one was taken.')
  }

  async function attempt(step: ShutdownStep, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      failed.push(step)
      logger?.error({ step, err: error }, 'A step of stopping failed, and the next one was taken.')
    }
  }

  logger?.info({}, 'Stopping.')
  // Connections end when their requests are answered, so the server is waited for after the handler.
  const closed = server ? attempt('server', () => closing(server)) : Promise.resolve()
  await take('handler', () => handler.drain())
  server?.closeIdleConnections?.()
  if (late.includes('handler')) server?.closeAllConnections?.()
  await take('server', () => closed)
  if (late.includes('server')) server?.closeAllConnections?.()
  if (worker) await take('worker', () => worker.stop())
  await attempt('ledger', () => ledger.close())
  logger?.info({ late, failed }, 'Stopped.')
  return { late, failed }
}

function closing(server: StoppableServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
  })
}
