import { randomUUID } from 'node:crypto'
import type { CallDetails } from '@escrow-ledger/testkit'
import type { CallContext, Gateway, GatewayCall, InstructionKind, Money } from 'escrow-ledger'

/** Makes calls through an adapter that must succeed, for what comes before the call that is tested. */
export function createCaller(gateway: Gateway, context: CallContext) {
  return {
    /** What the gateway calls what was made. */
    async send(kind: InstructionKind, amount: Money, details: CallDetails = {}): Promise<string> {
      const key = randomUUID()
      const named = { payment: null, order: null, destination: null, hold: 'none', transfer: '', ...details }
      const base = { instruction: key, key, amount, party: 'p-1', escrow: 's-1', reference: null }
      const call = { ...named, ...base, kind, firstSentAt: context.now() } as GatewayCall
      const outcome = await gateway.send(call, context)
      if ('reference' in outcome && outcome.reference !== null) return outcome.reference
      throw new Error(`The ${kind} before was ${outcome.outcome}: ${'reason' in outcome ? outcome.reason : ''}`)
    },
  }
}
