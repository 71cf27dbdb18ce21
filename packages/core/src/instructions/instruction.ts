import type { RecordKind } from '../journal/records.js'

export type InstructionKind = 'refund' | 'payout'

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
  /** The payer of a refund, the payee of a payout. */
  readonly party: string
  readonly escrow: string | null
  /** The gateway's reference of the payment that a refund goes back to; null for a refund sent another way. */
  readonly payment: string | null
  /** The account that the money leaves when the gateway has done it, such as `gateway:razorpay:clearing`. */
  readonly source: string
  /** The key under which the gateway knows the call: the same on every attempt. */
  readonly gatewayKey: string
  /** What the gateway calls it, once it has answered. */
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
  /** Effective time of its last entry; what becomes of it is not effective before. */
  readonly lastAt: number
  /** The id of its last entry. */
  readonly lastEntry: string
  readonly firstSentAt: number | null
  readonly changedAt: number
  /** The instruction by which this one was sent another way. */
  readonly replacedBy: string | null
  readonly revision: number
}

export const instructions: RecordKind<Instruction> = { name: 'instructions', keyOf: (instruction) => instruction.id }

/** The id of a payout's instruction: payouts are named by the host. */
export function payoutInstructionId(payout: string): string {
  return `payout:${payout}`
}
