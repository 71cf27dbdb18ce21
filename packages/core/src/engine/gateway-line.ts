import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
} from 'cockatiel'
import type { CallContext, Exchange } from '../gateways/exchange.js'
import type { Gateway } from '../gateways/gateway.js'
import type { Runtime } from '../storage/index.js'
import { withinDeadline } from './deadline.js'
import { createGatewayReading, NotSilent } from './gateway-reading.js'

/** How a gateway's calls are kept from piling up on it. */
export interface GatewayLimits {
  /** Calls of this process under way at a time, 1 or more; 8 unless it is given. */
  readonly concurrency?: number | undefined
  /** After so many calls in a row that nobody answered, the gateway is left alone for a while; 10 unless it is given. */
  readonly failures?: number | undefined
  /** For so many milliseconds, of the platform's clock; 15,000 unless it is given. Then one call tries it. */
  readonly pauseMs?: number | undefined
}

interface CallChecks<Answer> {
  /** Whether the gateway was heard. */
  readonly answered?: ((answer: Answer) => boolean) | undefined
  /** Asked when the call's turn has come, which may be long after it was begun: whether it may still be made. */
  readonly may?: (() => boolean) | undefined
}

/** The way to one gateway, shared by everything in this process that calls it. */
export interface GatewayLine {
  readonly gateway: Gateway
  readonly deadlineMs: number
  /** What may still arrive of a request does so within this time of its sending. */
  readonly graceMs: number
  /**
   * Calls the gateway: within its deadline, which alone ends a call that was begun, as few at a time as it takes, and not
   * at all while nobody answers there. Throws `CallFailure`.
   */
  call<Answer>(
    work: (context: CallContext) => Promise<Answer>,
    checks?: CallChecks<Answer>,
  ): Promise<{ readonly answer: Answer; readonly exchanges: readonly Exchange[] }>
  /**
   * Reads something, in the same way. An answer that the adapter makes nothing of, and what it throws without having
   * asked, does not count as silence. Throws `CallFailure`.
   */
  read<Answer>(work: (context: CallContext) => Promise<Answer>): Promise<Answer>
  /**
   * Reads a list: each step of it is a read of its own, within the deadline. Where it stops, by a failure or by whoever
   * reads it, the adapter's iterator is ended and its signal aborted. Throws `CallFailure`.
   */
  each<Item>(list: (context: CallContext) => AsyncIterable<Item>): AsyncIterable<Item>
  /** Runs what is no call of the gateway's API within the same deadline. Throws `CallFailure`. */
  inTime<Answer>(work: () => Promise<Answer>): Promise<Answer>
}

/** What a call failed with, and what went over the wire before it did. */
export class CallFailure extends Error {
  constructor(
    readonly reason: string,
    readonly exchanges: readonly Exchange[],
    /** Whether nothing can have been sent, since the gateway is being left alone, or too many calls wait for it. */
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
  const counted = handleWhen((error) => !(error instanceof NotSilent))
  const breaker = circuitBreaker(counted, { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(failures) })
  const queue = bulkhead(concurrency, MOST_WAITING)
  const deadlineMs = gateway.deadlineMs ?? DEADLINE_MS

  /** Waits for the call's turn, and makes it if it still may be made then. */
  const turn = <Answer>(work: () => Promise<Answer>, may = () => true): Promise<Answer> =>
    queue.execute(() => {
      if (!may()) throw new TooLate()
      return breaker.execute(work)
    })

  /** One read in its turn. Throws `CallFailure`. */
  async function inTurn<Answer>(work: () => Promise<Answer>, exchanges: readonly Exchange[]): Promise<Answer> {
    try {
      return await turn(work)
    } catch (error) {
      throw callFailure(error instanceof NotSilent ? error.cause : error, exchanges)
    }
  }

  async function call<Answer>(
    work: (context: CallContext) => Promise<Answer>,
    { answered = () => true, may }: CallChecks<Answer> = {},
  ) {
    const exchanges: Exchange[] = []
    const stopper = new AbortController()
    const record = (exchange: Exchange) => void exchanges.push(exchange)
    const context = { signal: stopper.signal, now: runtime.now, record }
    try {
      const once = async () => {
        const made = await withinDeadline(runtime, { work: () => work(context), deadlineMs, call: stopper })
        if (!answered(made)) throw new Unanswered(made)
        return made
      }
      return { answer: await turn(once, may), exchanges }
    } catch (error) {
      if (error instanceof Unanswered) return { answer: error.answer as Answer, exchanges }
      throw callFailure(error, exchanges)
    }
  }

  async function read<Answer>(work: (context: CallContext) => Promise<Answer>): Promise<Answer> {
    const { context, exchanges, step } = createGatewayReading(runtime, { deadlineMs })
    return inTurn(() => step(() => work(context)), exchanges)
  }

  async function* each<Item>(list: (context: CallContext) => AsyncIterable<Item>): AsyncGenerator<Item> {
    const { context, exchanges, step, end } = createGatewayReading(runtime, { deadlineMs })
    let items: AsyncIterator<Item> | null = null
    const next = async () => {
      items ??= list(context)[Symbol.asyncIterator]()
      return items.next()
    }
    try {
      for (;;) {
        const found = await inTurn(() => step(next), exchanges)
        if (found.done) return
        yield found.value
      }
    } finally {
      end()
      void close(items)
    }
  }

  async function inTime<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await withinDeadline(runtime, { work, deadlineMs, call: new AbortController() })
    } catch (error) {
      throw callFailure(error, [])
    }
  }

  return { gateway, deadlineMs, graceMs: deadlineMs + MARGIN_MS, call, read, each, inTime }
}

/** Not waited for: an adapter that still waits for an answer ends when that comes, and what it then throws is nobody's. */
async function close(items: AsyncIterator<unknown> | null): Promise<void> {
  try {
    await items?.return?.()
  } catch {}
}

function callFailure(error: unknown, exchanges: readonly Exchange[]): CallFailure {
  const reason = error instanceof Error ? error.message : String(error)
  const heldBack = error instanceof TooLate || isBrokenCircuitError(error) || isBulkheadRejectedError(error)
  return new CallFailure(reason, exchanges, heldBack, { cause: error })
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
