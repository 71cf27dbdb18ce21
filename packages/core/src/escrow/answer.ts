import { fromMinor, type Money } from '../money/index.js'
import type { Escrow } from './escrow.js'
import { dueAt, type EscrowStatus, statusOf } from './life.js'

/** What every escrow command answers: where the escrow stands after it. */
export interface EscrowAnswer {
  readonly escrow: string
  readonly status: EscrowStatus
  readonly funded: Money
  readonly held: Money
  readonly frozen: Money
  readonly released: Money
  readonly refunded: Money
  /** When the held money falls due, in milliseconds; null while that cannot be said. */
  readonly dueAt: number | null
}

export function escrowAnswer(escrow: Escrow): EscrowAnswer {
  const amount = (minor: bigint) => fromMinor(minor, escrow.currency)
  return {
    escrow: escrow.id,
    status: statusOf(escrow),
    funded: amount(escrow.fundedMinor),
    held: amount(escrow.heldMinor),
    frozen: amount(escrow.frozenMinor),
    released: amount(escrow.releasedMinor),
    refunded: amount(escrow.refundedMinor),
    dueAt: dueAt(escrow),
  }
}
