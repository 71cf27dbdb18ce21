import type { CallContext, Exchange } from '../gateways/exchange.js'
import type { Runtime } from '../storage/index.js'
import { DeadlinePassed, withinDeadline } from './deadline.js'

/** A read failed though the gateway was heard, or was not asked at all: that is no reason to leave it alone. */
export class NotSilent extends Error {
  constructor(override readonly cause: unknown) {
    super('a read failed, and not by the silence of the gateway')
  }
}

/** One or more reads of a gateway that belong together: one signal, and one record of what went over the wire. */
export interface GatewayReading {
  readonly context: CallContext
  readonly exchanges: readonly Exchange[]
  /** One read, within the deadline. Throws `NotSilent` around what failed otherwise than by the gateway's silence. */
  step<Answer>(work: () => Promise<Answer>): Promise<Answer>
  /** Tells whatever still goes on to stop. */
  end(): void
}

export function createGatewayReading(
  runtime: Runtime,
  { deadlineMs }: { readonly deadlineMs: number },
): GatewayReading {
  const call = new AbortController()
  const exchanges: Exchange[] = []
  return {
    context: { signal: call.signal, now: runtime.now, record: (exchange) => void exchanges.push(exchange) },
    exchanges,
    async step(work) {
      const before = exchanges.length
      try {
        return await withinDeadline(runtime, { work, deadlineMs, call })
      } catch (error) {
        if (error instanceof DeadlinePassed || exchanges.slice(before).some(wasSilent)) throw error
        throw new NotSilent(error)
      }
    },
    end: () => call.abort(new Error('the reading has ended')),
  }
}

/** No answer came, or one that the gateway's own servers do not stand behind. */
function wasSilent({ status }: Exchange): boolean {
  return status === null || status >= 500
}
