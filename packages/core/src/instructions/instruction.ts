import type { RecordKind } from '../journal/records.js'

/**
 * What a gateway can be asked to do: ask a payer for money and take what was authorised; give it back; pay a payee; move
 * money to a payee's linked account, let it settle from there, or take it back.
 */
export const instructionKinds = ['order', 'capture', 'refund', 'payout', 'transfer', 'release', 'reversal'] as const
export type InstructionKind = (typeof instructionKinds)[number]

/**
 * recorded → sending → accepted → processed, or failed, cancelled, unknown (nobody knows whether the gateway did it),
 * waiting (tried again later: gateway balance, minimum, KYC); processed → reversed.
 */
export const instructionStates = [
  'recorded',
  'sending',
  'accepted',
  'processed',
  'failed',
  'cancelled',
  'unknown',
  'waiting',
  'reversed',
] as const
export type InstructionState = (typeof instructionStates)[number]

/** One call that a gateway must receive exactly once in effect. */
export interface Instruction {
  readonly id: string
  readonly kind: InstructionKind
  readonly gateway: string
  readonly state: InstructionState
  readonly currency: string
  readonly amountMinor: bigint
  /** The payer of an order, capture or refund; the payee of everything else. */
  readonly party: string
  readonly escrow: string | null
  /**
   * The gateway's reference of the payment that a refund goes back to (null for one sent another way), that a transfer is
   * taken from, or of the authorisation that is captured.
   */
  readonly payment: string | null
  /** The instruction that this one goes on from: of a capture its order, of a release or reversal its transfer. */
  readonly about: string | null
  /** Where the money goes, in the gateway's words, once that is known: the same on every attempt. */
  readonly destination: string | null
  /** Until when a transfer is held at the linked account: `indefinite`, or milliseconds since 1970; null where it is not. */
  readonly hold: string | null
  /**
   * Of a transfer: what reversals take back of it, less those that failed for good. Refunds that the payee's own account
   * pays in part take back more than the transfer was, where the payee bears the gateway's fee, and after its release.
   */
  readonly takenBackMinor: bigint
  /** Of a transfer: what of that is still on its way. */
  readonly reversingMinor: bigint
  /** How many captures an order has had, or releases a transfer: only the last of them can still come to something. */
  readonly followUps: number
  /** The account that the money leaves when the gateway has done it, such as `gateway:razorpay:clearing`. */
  readonly source: string
  /** The key under which the gateway knows the call, 36 characters: the same on every attempt. */
  readonly gatewayKey: string
  /**
   * The key of the batch in which a payout goes to a gateway that takes many at a time: kept before the batch is sent, and
   * until it is known that nothing comes of that batch. Null where it goes, or has gone, by itself.
   */
  readonly batch: string | null
  /** What the gateway calls it, or its batch, once it has answered. */
  readonly gatewayReference: string | null
  /** Why it is in its state, where there is a reason. */
  readonly reason: string | null
  readonly attempts: number
  /** When the dispatcher looks at it next; null when nothing is left for it to do. */
  readonly nextAt: number | null
  /** Who is sending it, and until when nobody else may. */
  readonly lease: string | null
  readonly leaseUntil: number | null
  readonly createdAt: number
  /** Effective time of its last entry, or when its state was settled without one; what becomes of it is not effective before. */
  readonly lastAt: number
  /** The id of its last entry; null while it has none. */
  readonly lastEntry: string | null
  readonly firstSentAt: number | null
  /** When it was last sent; what may still arrive of it arrives within the gateway's deadline from then on. */
  readonly lastSentAt: number | null
  readonly changedAt: number
  /** The instruction by which this one was sent another way. */
  readonly replacedBy: string | null
  readonly revision: number
}

export const instructions: RecordKind<Instruction> = { name: 'instructions', keyOf: (instruction) => instruction.id }

/** The ids of instructions that the host names. */
export const instructionIds = {
  payout: (payout: string) => `payout:${payout}`,
  order: (order: string) => `order:${order}`,
  transfer: (transfer: string) => `transfer:${transfer}`,
  reversal: (reversal: string) => `reversal:${reversal}`,
} as const

/**
 * The id of the nth instruction that goes on from an order or a transfer: `capture:o-1`, then `capture#2:o-1`. The number
 * stands before the colon, where no id of the host's comes.
 */
export function followUpId(kind: 'capture' | 'release', of: string, nth: number): string {
  const name = hostIdOf(of)
  return nth <= 1 ? `${kind}:${name}` : `${kind}#${nth}:${name}`
}

/** The host's own id of what an instruction does: `o-1` of `order:o-1`. */
export function hostIdOf(instruction: string): string {
  return instruction.slice(instruction.indexOf(':') + 1)
}
