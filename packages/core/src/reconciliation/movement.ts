import { escapeSegment } from '../accounts/text.js'
import type { RecordKind } from '../journal/records.js'

/**
 * Money of our own between a gateway and a bank: `settlement` (the gateway says it has sent it to our bank), `credit` (the
 * bank's statement shows it), `top_up` (sent from our bank to the balance that payouts leave from).
 */
export const movementKinds = ['settlement', 'credit', 'top_up'] as const
export type MovementKind = (typeof movementKinds)[number]

/** Unique by its kind, whose statement it stands on (the gateway's, or for a credit the bank's), and the reference there. */
export interface Movement {
  readonly kind: MovementKind
  /** The gateway; for a credit the bank. */
  readonly statement: string
  /** What the statement calls it: the gateway's id, for a credit the bank's reference (UTR). */
  readonly reference: string
  readonly gateway: string
  readonly bank: string | null
  /** Of a settlement: the bank's reference (UTR) by which its credit is found. */
  readonly utr: string | null
  readonly currency: string
  readonly amountMinor: bigint
  /** A settlement is in transit until its credit is there; a credit is unmatched until its settlement is. */
  readonly state: 'in_transit' | 'unmatched' | 'done' | 'failed'
  /** The entries that it made. */
  readonly entry: string
  readonly lastEntry: string
  readonly recordedAt: number
  readonly revision: number
}

export const movements: RecordKind<Movement> = {
  name: 'movements',
  keyOf: ({ kind, statement, reference }) => movementKey(kind, statement, reference),
}

export function movementKey(kind: MovementKind, statement: string, reference: string): string {
  return `${kind}:${escapeSegment(statement)}:${escapeSegment(reference)}`
}
