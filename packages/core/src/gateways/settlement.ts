import type { Money } from '../money/index.js'

/** Money that the gateway says it has sent from its balance to our bank. */
export interface GatewaySettlement {
  /** What the gateway calls it. */
  readonly reference: string
  readonly state: 'created' | 'processed' | 'failed'
  readonly amount: Money
  /** What the gateway took for settling, where that is on top of the amount; zero where there is nothing. */
  readonly fee: Money
  readonly tax: Money
  /** The bank's reference, by which its statement names it (UTR). */
  readonly utr: string | null
  readonly at: number
}

/** One line of the report of what went into and out of the gateway's balance. */
export interface SettlementLine {
  readonly kind:
    | 'payment'
    | 'refund'
    | 'transfer'
    | 'reversal'
    | 'payout'
    | 'dispute'
    | 'adjustment'
    | 'settlement'
    | 'other'
  /** What the gateway calls what it is about. */
  readonly reference: string
  /** What it added to the balance, or took out of it (below zero), fees included. */
  readonly net: Money
  /** The whole fee, tax included; zero where there is none. */
  readonly fee: Money
  readonly tax: Money
  /** The settlement that it went into; null before. */
  readonly settlement: string | null
  readonly utr: string | null
  readonly at: number
}
