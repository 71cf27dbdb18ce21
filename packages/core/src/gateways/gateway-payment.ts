import type { Money } from '../money/index.js'
import type { CallFee } from './outcome.js'

/** A payment as the gateway's API tells it when asked, which is what money is posted from. */
export interface GatewayPayment {
  readonly reference: string
  /** What the gateway calls the order that it is for. */
  readonly order: string | null
  /** The key of the order's call, where the gateway keeps it with the payment. */
  readonly orderKey: string | null
  readonly state: 'created' | 'authorized' | 'captured' | 'failed'
  /** What the payer was asked for. */
  readonly amount: Money
  /** What arrived in the gateway's balance, where that is another currency. */
  readonly received: Money | null
  /** Null until the gateway has told it. */
  readonly fee: CallFee | null
  /** What of it has gone back to the payer, by whoever's hand. */
  readonly refunded: Money
  /** When it was captured, or else created, in milliseconds since 1970. */
  readonly at: number
}
