import type {
  CallContext,
  Gateway,
  GatewayCall,
  InstructionKind,
  Money,
  Subject,
  TransferHold,
  WebhookDelivery,
} from 'escrow-ledger'
import type { GatewayFault } from './gateway-faults.js'

/** What a call names beside its amount; what a kind has no use for is passed over. */
export interface CallDetails {
  readonly payment?: string | null | undefined
  readonly order?: string | null | undefined
  readonly destination?: string | null | undefined
  readonly transfer?: string | undefined
  readonly hold?: TransferHold | undefined
}

/** What there is of a kind at the gateway. */
export interface Effects {
  readonly count: number
  /** Minor units of the currency that the case works in. */
  readonly sumMinor: bigint
}

/** A webhook as the gateway delivers it, and what it is about. */
export interface GenuineDelivery extends WebhookDelivery {
  readonly subject: Pick<Subject, 'kind' | 'reference'>
}

/**
 * A gateway under test and the hand on the other side of it: what payers, payees and banks do, what goes wrong, and what
 * really happened there. It is written with the means of the server that stands in for the gateway, never with the adapter
 * that is under test, except where a step before the one that is tested needs it.
 */
export interface GatewayHarness {
  readonly gateway: Gateway
  /** What must never be in a recorded request or answer: keys, passwords, tokens, and what they are sent as. */
  readonly secrets: readonly string[]
  /** Milliseconds since 1970, by the gateway's clock. */
  now(): number
  /** Lets so many milliseconds pass at the gateway. */
  pass(ms: number): Promise<void>

  /** Makes a call of this kind and amount possible (a payment to give back, an active payee, a balance) and gives what it names. */
  ready(kind: InstructionKind, amount: Money): Promise<CallDetails>
  /** What a call names, or its amount, so that the gateway will not do it, for good. */
  refusable(kind: InstructionKind, amount: Money): Promise<CallDetails & { readonly amount?: Money | undefined }>
  /** Does what the payer, the payee and the banks do until a call that was sent has been processed. */
  complete(call: GatewayCall): Promise<void>

  /** Plans what goes wrong with the next request that makes a call of this kind, or with the next one that asks about it. */
  plan(fault: GatewayFault, of: { readonly kind: InstructionKind; readonly verb: 'send' | 'ask' }): void
  /** How many of the planned faults have not struck yet. */
  pendingFaults(): number

  effects(kind: InstructionKind): Promise<Effects>
  /** What the gateway has taken in fees and tax so far, in minor units of a currency. */
  chargedMinor(currency: string): Promise<bigint>
  /** What its balance holds that payments arrive in: currency → minor units. */
  balances(): Promise<Readonly<Record<string, bigint>>>
  /** The requests that reached it, but for those that ask for access. */
  requests(): readonly { readonly method: string; readonly path: string }[]
  /** Makes things happen that the gateway tells, and gives what it delivers. Without webhooks, leave it out and skip the cases on them. */
  readonly deliveries?: (() => Promise<readonly GenuineDelivery[]>) | undefined
  close(): Promise<void>
}

/** Opens a gateway with nothing in it. What is called through the adapter by the harness itself is recorded with `record`. */
export type OpenHarness = (record: CallContext['record']) => Promise<GatewayHarness>
