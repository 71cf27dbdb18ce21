import type { Money } from '../money/index.js'
import type { CallFee } from './outcome.js'

/** What of a payment a gateway gave to a payee's own account when it took it: a transfer that came with the payment. */
export interface PayeePart {
  /** The payee's account, by the gateway's name of it: what `destinationOf` answers for the payee's transfers. */
  readonly account: string
  /** In the currency of the payment, less whatever the gateway and the platform have kept of it. */
  readonly amount: Money
  /** Until when the payee cannot use it unless it is released, in milliseconds since 1970; null where it is not held. */
  readonly heldUntil: number | null
}

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
  /** Where the gateway divides a payment between the platform and a payee by itself, the payee's part. */
  readonly payeePart?: PayeePart | undefined
  /** When it was captured, or else created, in milliseconds since 1970. */
  readonly at: number
}
