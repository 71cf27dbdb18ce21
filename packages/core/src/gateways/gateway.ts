import type { Instruction, InstructionKind } from '../instructions/instruction.js'
import type { Money } from '../money/index.js'

/** What a gateway is asked to do: the same call on every attempt, under the same key. */
export interface GatewayCall {
  readonly instruction: string
  readonly kind: InstructionKind
  /** The key under which the gateway knows the call. */
  readonly key: string
  readonly amount: Money
  /** The payer of a refund, the payee of a payout. */
  readonly party: string
  /** The payment that a refund goes back to; null for one sent another way. */
  readonly payment: string | null
  /** What the gateway called it when it was accepted, if it was. */
  readonly reference: string | null
}

/** What came of a call. Whatever is not clearly one of the others is `unknown`, which is never treated as refused. */
export type CallOutcome =
  /** The gateway has it and will do it; `reference` is what it calls it. */
  | { readonly outcome: 'accepted'; readonly reference: string | null }
  /** The gateway has done it: the money has left. */
  | { readonly outcome: 'processed'; readonly reference: string; readonly at?: number | undefined }
  /** The gateway will not do it, for good. */
  | { readonly outcome: 'refused'; readonly code: string; readonly reason: string }
  /** Not now: a balance, a minimum or a check is missing. Tried again later. */
  | { readonly outcome: 'waiting'; readonly reason: string }
  /** Nobody knows: a timeout, a reset, a 5xx, an answer that cannot be read. */
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** Asked about, the gateway knows of no such call: it never arrived. */
  | { readonly outcome: 'absent' }

/**
 * A gateway, as the dispatcher uses it. `send` may be called again with the same key within `resendWindowMs` and must then
 * have no second effect; after that, or where it is null, an unknown call is only asked about.
 */
export interface Gateway {
  /** The account that payments arrive in; `gateway:<name>:clearing` unless it says otherwise. */
  readonly clearing?: string | undefined
  /** The account that payouts leave from; the clearing account unless it says otherwise. */
  readonly payouts?: string | undefined
  /** The account that refunds leave from; where the payment arrived unless it says otherwise. */
  readonly refunds?: string | undefined
  /** The smallest unit of its wire, in minor units; 1 unless it says otherwise. */
  readonly stepMinor?: ((currency: string) => bigint) | undefined
  /** The smallest amount it takes, in minor units; 1 unless it says otherwise. */
  readonly minimumMinor?: ((currency: string) => bigint) | undefined
  /** Within this time of the first attempt the same key has one effect; null where the gateway has no keys. */
  readonly resendWindowMs: number | null
  /** Whether people, not an API, say what became of a call: then there is nothing to poll. */
  readonly manual?: boolean | undefined
  send(call: GatewayCall, signal: AbortSignal | undefined): Promise<CallOutcome>
  /** Asks what became of a call that was sent. */
  ask(call: GatewayCall, signal: AbortSignal | undefined): Promise<CallOutcome>
}

/** The call that an instruction stands for. */
export function callOf(instruction: Instruction, amount: Money): GatewayCall {
  return {
    instruction: instruction.id,
    kind: instruction.kind,
    key: instruction.gatewayKey,
    amount,
    party: instruction.party,
    payment: instruction.payment,
    reference: instruction.gatewayReference,
  }
}
