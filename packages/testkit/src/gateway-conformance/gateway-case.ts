import type { CallContext, CallOutcome, Exchange, GatewayCall, InstructionKind, Money, Operation } from 'escrow-ledger'
import type { GatewayHarness } from './harness.js'

/** What a case works on: a gateway with nothing in it, and the calls that the ledger makes of it. */
export interface GatewaySubject {
  readonly harness: GatewayHarness
  /** What is moved where a case does not say otherwise. */
  readonly amount: Money
  /** All that was recorded so far. */
  readonly exchanges: readonly Exchange[]
  /** For what is asked of the gateway beside calls. */
  readonly context: CallContext
  operationOf(kind: InstructionKind): Operation
  /** A call that can be made now, under a key of its own. */
  newCall(kind: InstructionKind, amount?: Money): Promise<GatewayCall>
  /** A call that the gateway will refuse. */
  newRefusable(kind: InstructionKind): Promise<GatewayCall>
  /** What the ledger makes of an adapter that throws is `unknown`. */
  send(call: GatewayCall, signal?: AbortSignal): Promise<CallOutcome>
  ask(call: GatewayCall): Promise<CallOutcome>
}

/** Cases by name. A case that fails throws. */
export type GatewayCases = Readonly<Record<string, (subject: GatewaySubject) => Promise<void>>>
