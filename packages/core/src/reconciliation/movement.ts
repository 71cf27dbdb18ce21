import { escapeSegment } from '../accounts/text.js'
import type { RecordKind } from '../journal/records.js'

/**
 * Money of our own between a gateway and a bank: `settlement` (the gateway says it has sent it to our bank), `credit` (the
 * bank's statement shows it), `top_up` (sent from our bank to the balance that payouts leave from).
 */
export const movementKinds = ['settlement', 'credit', 'top_up'] as const
export type MovementKind = (typeof movementKinds)[number]

/**
 * A settlement is in transit until the bank shows it, or the bank returned it (failed). A credit is expected once a
 * settlement names it, failed when that settlement was returned, and unmatched where the bank shows what no settlement in
 * transit explains. What needs nothing more is done.
 */
export const movementStates = ['in_transit', 'expected', 'unmatched', 'done', 'failed'] as const
export type MovementState = (typeof movementStates)[number]

/**
 * Unique by its kind, gateway and reference. A credit is named by the bank's reference (UTR) and its gateway, since that is
 * what a settlement says of it, before any bank does.
 */
export interface Movement {
  readonly kind: MovementKind
  readonly gateway: string
  /** What the gateway calls it; of a credit the bank's reference (UTR). */
  readonly reference: string
  /** Of a credit that was seen, and of a top-up. */
  readonly bank: string | null
  /** What it belongs together with, once that is known: of a settlement the UTR of its credit, of a credit its settlement. */
  readonly matches: string | null
  readonly currency: string
  readonly amountMinor: bigint
  /** What the gateway took on top of the amount, tax included. */
  readonly feeMinor: bigint
  /** What of the fee is recoverable tax. */
  readonly taxMinor: bigint
  readonly state: MovementState
  /** The entry that it made; null for a credit that was not seen yet. */
  readonly entry: string | null
  /** The last entry about it. */
  readonly lastEntry: string | null
  readonly recordedAt: number
  readonly revision: number
}

export const movements: RecordKind<Movement> = {
  name: 'movements',
  keyOf: ({ kind, gateway, reference }) => movementKey(kind, gateway, reference),
}

/** One text for a movement: both names are escaped, so no two fold together. */
export function movementKey(kind: MovementKind, gateway: string, reference: string): string {
  return `${kind}:${escapeSegment(gateway)}:${escapeSegment(reference)}`
}

/** The id of the item under which a credit that nothing explains is kept in suspense. */
export function creditItemId({ gateway, utr }: { gateway: string; utr: string }): string {
  return movementKey('credit', gateway, utr)
}
