import type { Money } from '../money/index.js'
import type { CallFee } from './outcome.js'

/** Money of a payment that went back without our asking: a refund made at the gateway by hand, or a payer's dispute. */
export const clawbackKinds = ['refund', 'dispute'] as const
export type ClawbackKind = (typeof clawbackKinds)[number]

/** A refund or a dispute as the gateway's API tells it when asked, which is what is posted of it. */
export interface GatewayClawback {
  readonly kind: ClawbackKind
  readonly reference: string
  /** What the gateway calls the payment that it takes from. */
  readonly payment: string
  /** The key of the call that a refund was made by, where the gateway keeps one with it: then it may be ours. */
  readonly key: string | null
  /**
   * What it has taken out of the balance so far, less what it has given back, in the currency of the payment. Of a refund
   * that is on its way and may still fail it is nothing yet.
   */
  readonly taken: Money
  /** Whether that is the last word. What is not is asked about again. */
  readonly final: boolean
  /** What the gateway charges for it, on top, in all so far; null where there is nothing. */
  readonly fee: CallFee | null
  /** Where the payment was divided with a payee, what of it that payee's own account gave. */
  readonly payeePart?: Money | undefined
  /** When, in milliseconds since 1970. */
  readonly at: number
}
