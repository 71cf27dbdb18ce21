import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
  isBulkheadRejectedError,
} from 'cockatiel'
import type { CallContext, Exchange } from '../gateways/exchange.js'
import type { Gateway } from '../gateways/gateway.js'
import type { Runtime } from '../storage/index.js'

/** How a gateway's calls are kept from piling up on it. */
export interface GatewayLimits {
  /** Calls of this process under way at a time; 8 unless it is given. */
  readonly concurrency?: number | undefined
  /** After so many calls in a row that nobody answered, the gateway is left alone for a while; 10 unless it is given. */
  readonly failures?: number | undefined
  /** For so many milliseconds, of the platform's clock; 15,000 unless it is given. Then one call tries it. */
  readonly pauseMs?: number | undefined
}

/** The way to one gateway, shared by everything in this process that calls it. */
export interface GatewayLine {
  readonly gateway: Gateway
  readonly deadlineMs: number
  /** What may still arrive of a request does so within this time of its sending. */
  readonly graceMs: number
  /**
   * Calls the gateway: within its deadline, which alone ends a call that was begun, as few at a time as it takes, and not at all while nobody answers there. Throws
   * whatever the call throws; `answered` says whether the gateway was heard.
   */
  call<Answer>(
    work: (context: CallContext) => Promise<Answer>,
    options?: {
      readonly answered?: ((answer: Answer) => boolean) | undefined
      /** Asked when the call's turn has come, which may be long after it was begun: whether it may still be made. */
      readonly may?: (() => boolean) | undefined
    },
  ): Promise<{ readonly answer: Answer; readonly exchanges: readonly Exchange[] }>
  /** Runs what is no call of the gateway's API within the same deadline. Throws `CallFailure`. */
  inTime<Answer>(work: () => Promise<Answer>): Promise<Answer>
}

/** What a call failed with, and what went over the wire before it did. */
export class CallFailure extends Error {
  constructor(
    readonly reason: string,
    readonly exchanges: readonly Exchange[],
    /** Whether nothing can have been sent: the gateway is being left alone, or too many calls were before it. */
    readonly heldBack: boolean,
    options: ErrorOptions,
  ) {
    super(reason, options)
  }
}

const DEADLINE_MS = 30_000
/** What a proxy or a queue on the way may add. */
const MARGIN_MS = 30_000
/** Calls that wait for their turn; more than that are held back as if nobody answered. */
const MOST_WAITING = 10_000

export function createGatewayLine(gateway: Gateway, runtime: Runtime, limits: GatewayLimits): GatewayLine {
  const { concurrency = 8, failures = 10, pauseMs = 15_000 } = limits
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(failures) })
  const queue = bulkhead(concurrency, MOST_WAITING)
  const deadlineMs = gateway.deadlineMs ?? DEADLINE_MS
  return {
    gateway,
    deadlineMs,
    graceMs: deadlineMs + MARGIN_MS,
    async call(work, { answered = () => true, may = () => true } = {}) {
      const exchanges: Exchange[] = []
      const once = async () => {
        const made = await withDeadline(runtime, { work, deadlineMs, exchanges })
        if (!answered(made)) throw new Unanswered(made)
        return made
      }
      try {
        const answer = await queue.execute(() => {
          if (!may()) throw new TooLate()
          return breaker.execute(once)
        })
        return { answer, exchanges }
      } catch (error) {
        if (error instanceof Unanswered) return { answer: error.answer as never, exchanges }
        const heldBack = error instanceof TooLate || isBrokenCircuitError(error) || isBulkheadRejectedError(error)
        throw new CallFailure(reasonOf(error), exchanges, heldBack, { cause: error })
      }
    },
    async inTime(work) {
      const exchanges: Exchange[] = []
      try {
        return await withDeadline(runtime, { work, deadlineMs, exchanges })
      } catch (error) {
        throw new CallFailure(reasonOf(error), exchanges, true, { cause: error })
      }
    },
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The call's turn came when it might no longer be made. */
class TooLate extends Error {
  constructor() {
    super('other calls were before it for too long')
  }
}

/** An outcome that says that the gateway was not heard: the breaker counts it, and the caller still gets it. */
class Unanswered extends Error {
  constructor(readonly answer: unknown) {
    super('the gateway was not heard')
  }
}

interface Timed<Answer> {
  readonly work: (context: CallContext) => Promise<Answer>
  readonly deadlineMs: number
  readonly exchanges: Exchange[]
}

async function withDeadline<Answer>(runtime: Runtime, timed: Timed<Answer>): Promise<Answer> {
  const { work, deadlineMs, exchanges } = timed
  const ended = new AbortController()
  const call = new AbortController()
  const late = runtime.sleep(deadlineMs, ended.signal).then(() => {
    if (ended.signal.aborted) return new Promise<never>(() => {})
    call.abort(new Error('the deadline has passed'))
    throw new Error(`no answer within ${deadlineMs} ms`)
  })
  try {
    const context = {
      signal: call.signal,
      now: runtime.now,
      record: (exchange: Exchange) => void exchanges.push(exchange),
    }
    return await Promise.race([work(context), late])
  } finally {
    ended.abort()
  }
}
