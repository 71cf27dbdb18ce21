import { LedgerError } from '../errors/index.js'
import type { Runtime } from '../storage/index.js'
import type { GatewayLine } from './gateway-line.js'
import type { BatchTold, GatewayCallTold, LedgerObserver } from './ledger-observer.js'
import type { Waiting } from './queue.js'
import type { Outcome, Request } from './request.js'

interface Begun {
  readonly book: string
  readonly command: string
  readonly startedMs: number
}

/**
 * The engine's side of an observer. Where a ledger has none the engine holds null in its place, so that nothing is
 * measured, made or called.
 */
export interface Observed {
  /** For what is begun now and told later. */
  readonly elapsed: () => number
  /** Tells of a command when it is answered. */
  answering(begun: Begun, request: Request, answered: Promise<Outcome<unknown>>): void
  /** Tells of a command that was refused before it was queued. */
  refused(begun: Begun, error: unknown): void
  /** Notes that a unit of work takes calls up. */
  takenUp(batch: readonly Waiting[]): void
  queue(book: string, length: number): void
  batch(batch: readonly Waiting[], told: Pick<BatchTold, 'book' | 'path' | 'outcome'> & { startedMs: number }): void
  gatewayCall(told: Omit<GatewayCallTold, 'ms'> & { startedMs: number | null }): void
  /** The same line, with what is read over it told. */
  line(gateway: string, line: GatewayLine): GatewayLine
}

export function createObserved(observer: LedgerObserver, { elapsed }: Pick<Runtime, 'elapsed'>): Observed {
  const takenAt = new WeakMap<Request, number>()

  function gatewayCall({ startedMs, ...told }: Parameters<Observed['gatewayCall']>[0]): void {
    const ms = startedMs === null ? null : elapsed() - startedMs
    attempt(() => observer.gatewayCall?.({ ...told, ms }))
  }

  function command({ book, command: name, startedMs }: Begun, outcome: 'done' | 'replayed', request: Request): void {
    const taken = takenAt.get(request)
    const waitedMs = taken === undefined ? 0 : taken - startedMs
    const told = { book, command: name, outcome, code: null, waitedMs, ms: elapsed() - startedMs }
    attempt(() => observer.command?.(told))
  }

  function refused({ book, command: name, startedMs }: Begun, error: unknown, request?: Request): void {
    const taken = request && takenAt.get(request)
    const ms = elapsed() - startedMs
    const code = error instanceof LedgerError ? error.code : 'unknown'
    const waitedMs = taken === undefined ? 0 : taken - startedMs
    attempt(() => observer.command?.({ book, command: name, outcome: 'refused', code, waitedMs, ms }))
  }

  return {
    elapsed,
    answering(begun, request, answered) {
      answered.then(
        ({ replayed }) => command(begun, replayed ? 'replayed' : 'done', request),
        (error: unknown) => refused(begun, error, request),
      )
    },
    refused: (begun, error) => refused(begun, error),
    takenUp(batch) {
      const now = elapsed()
      for (const { request } of batch) takenAt.set(request, now)
    },
    queue: (book, length) => attempt(() => observer.queue?.({ book, length })),
    batch(batch, { startedMs, ...told }) {
      const size = batch.reduce((sum, { request }) => sum + request.size, 0)
      attempt(() => observer.batch?.({ ...told, commands: batch.length, size, ms: elapsed() - startedMs }))
    },
    gatewayCall,
    line: (gateway, line) => observedLine(line, { gateway, elapsed, gatewayCall }),
  }
}

type Telling = Pick<Observed, 'elapsed' | 'gatewayCall'> & { readonly gateway: string }

/** Calls about instructions are told by whoever makes them, who knows what they are about. */
function observedLine(line: GatewayLine, { gateway, elapsed, gatewayCall }: Telling): GatewayLine {
  const tell = (outcome: 'answered' | 'failed', startedMs: number | null, error?: unknown) => {
    const heldBack = error instanceof Error && 'heldBack' in error && error.heldBack === true
    gatewayCall({ gateway, kind: 'read', call: 'read', outcome, heldBack, startedMs })
  }
  return {
    ...line,
    async read(work) {
      const started = elapsed()
      try {
        const answer = await line.read(work)
        tell('answered', started)
        return answer
      } catch (error) {
        tell('failed', started, error)
        throw error
      }
    },
    async *each(list) {
      try {
        yield* line.each(list)
      } catch (error) {
        tell('failed', null, error)
        throw error
      }
      tell('answered', null)
    },
  }
}

/** What an observer throws, at once or in a promise that its type does not have, is nobody's. */
function attempt(tell: () => unknown): void {
  try {
    const told = tell()
    if (told instanceof Promise) told.catch(() => {})
  } catch {
    // There is nobody to tell.
  }
}
