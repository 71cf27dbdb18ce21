import { escapeSegment } from '../accounts/text.js'
import type { RecordKind } from '../journal/records.js'

/** A gateway's fee, known once per fee id. */
export interface Fee {
  readonly gateway: string
  readonly id: string
  /** The payment's reference, or the id of the instruction that it is of. The payment itself may become known later. */
  readonly reference: string
  readonly currency: string
  /** The whole fee, tax included. */
  readonly feeMinor: bigint
  /** What of the fee is recoverable tax. */
  readonly taxMinor: bigint
  readonly entry: string
  readonly recordedAt: number
  readonly revision: number
}

export const fees: RecordKind<Fee> = { name: 'fees', keyOf: (fee) => feeKey(fee.gateway, fee.id) }

export function feeKey(gateway: string, id: string): string {
  return `${escapeSegment(gateway)}:${escapeSegment(id)}`
}
