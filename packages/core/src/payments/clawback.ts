import { escapeSegment } from '../accounts/text.js'
import type { ClawbackKind } from '../gateways/clawback.js'
import type { RecordKind } from '../journal/records.js'

/** Open: the gateway may still take or give back more. */
export const clawbackStates = ['open', 'closed'] as const
export type ClawbackState = (typeof clawbackStates)[number]

/**
 * What a gateway took back out of a payment without our asking: a refund made there by hand, or a dispute. Unique by its
 * kind, gateway and reference.
 */
export interface Clawback {
  readonly kind: ClawbackKind
  readonly gateway: string
  /** What the gateway calls it. */
  readonly reference: string
  /** The reference of the payment. */
  readonly payment: string
  readonly currency: string
  /** What it has taken so far, less what it has given back. */
  readonly takenMinor: bigint
  readonly state: ClawbackState
  /** The escrow that a refund was taken from; null where it was none. */
  readonly escrow: string | null
  /** The item under which what it took last is in suspense; null where it never was. */
  readonly suspense: string | null
  /** Its last entry; null while it has moved nothing. */
  readonly lastEntry: string | null
  readonly recordedAt: number
  readonly revision: number
}

type Named = Pick<Clawback, 'kind' | 'gateway' | 'reference'>

export const clawbacks: RecordKind<Clawback> = { name: 'clawbacks', keyOf: (clawback) => clawbackKey(clawback) }

/** One text for a clawback: both names are escaped, so no two fold together. */
export function clawbackKey({ kind, gateway, reference }: Named): string {
  return `${kind}:${escapeSegment(gateway)}:${escapeSegment(reference)}`
}

/**
 * The names of what a clawback has missing in suspense, the latest first: it has the first of them by its own name, and any
 * further one by that and the revision that it had before.
 */
export function missingNames(clawback: Named & Pick<Clawback, 'revision'>): readonly string[] {
  const key = clawbackKey(clawback)
  const further = Array.from({ length: clawback.revision }, (_, index) => `${key}:${clawback.revision - index}`)
  return [...further, key]
}

/** The kinds of the entries of a clawback: by what it takes, and by what it gives back. */
export function clawbackEntryKinds(kind: ClawbackKind): { readonly taken: string; readonly returned: string } {
  return kind === 'refund'
    ? { taken: 'gateway_refund', returned: 'gateway_refund_returned' }
    : { taken: 'chargeback', returned: 'chargeback_returned' }
}
