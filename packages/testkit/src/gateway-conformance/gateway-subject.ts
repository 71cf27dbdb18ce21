import type { CallContext, CallOutcome, Exchange, GatewayCall, Money } from 'escrow-ledger'
import type { GatewaySubject } from './gateway-case.js'
import type { GatewayHarness } from './harness.js'
import { newCall } from './new-call.js'

/** The calls of a case at a gateway that was opened for it. */
export function createSubject(
  harness: GatewayHarness,
  { amount, exchanges }: { readonly amount: Money; readonly exchanges: Exchange[] },
): GatewaySubject {
  const { gateway, now } = harness
  const contextOf = (signal: AbortSignal): CallContext => ({
    signal,
    now,
    record: (exchange) => void exchanges.push(exchange),
  })

  return {
    harness,
    amount,
    exchanges,
    context: contextOf(new AbortController().signal),
    operationOf(kind) {
      const operation = gateway.operations[kind]
      if (operation === undefined) throw new Error(`The gateway that was opened offers no ${kind}.`)
      return operation
    },
    async newCall(kind, given = amount) {
      const details = await harness.ready(kind, given)
      return newCall(kind, { amount: given, firstSentAt: now(), details })
    },
    async newRefusable(kind) {
      const { amount: wrong = amount, ...details } = await harness.refusable(kind, amount)
      return newCall(kind, { amount: wrong, firstSentAt: now(), details })
    },
    send: (call, signal = new AbortController().signal) => heard(() => gateway.send(call, contextOf(signal))),
    ask: (call: GatewayCall) => heard(() => gateway.ask(call, contextOf(new AbortController().signal))),
  }
}

async function heard(call: () => Promise<CallOutcome>): Promise<CallOutcome> {
  try {
    return await call()
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}
