import type { CallContext, CallOutcome } from 'escrow-ledger'

/** One kind of call: how it is made, and how it is asked about. Both may throw what the client throws. */
export interface CallKind<Call> {
  send(call: Call, context: CallContext): Promise<CallOutcome>
  ask(call: Call, context: CallContext): Promise<CallOutcome>
}
