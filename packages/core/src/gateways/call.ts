import type { Money } from '../money/index.js'

interface CallBase {
  /** The instruction's id: the same on every attempt. */
  readonly instruction: string
  /** The key under which the gateway knows the call, 36 characters or fewer: the same on every attempt. */
  readonly key: string
  readonly amount: Money
  /** The payer of an order, capture or refund; the payee of everything else. */
  readonly party: string
  readonly escrow: string | null
  /** What the gateway called it when it was accepted, if it was. */
  readonly reference: string | null
  /** When it was first sent, in milliseconds since 1970; null before. */
  readonly firstSentAt: number | null
}

/** Asks a payer for money: what a checkout page pays. */
export interface OrderCall extends CallBase {
  readonly kind: 'order'
}

/** Takes money that a payer has authorised. */
export interface CaptureCall extends CallBase {
  readonly kind: 'capture'
  /** What the gateway calls the authorisation; where it captures whole orders, the order. */
  readonly payment: string
  /** What it calls the order. */
  readonly order: string | null
}

export interface RefundCall extends CallBase {
  readonly kind: 'refund'
  /** The payment that it goes back to; null for one that is sent another way. */
  readonly payment: string | null
  /** Where one that is sent another way goes, in the gateway's words, such as a fund account. */
  readonly destination: string | null
}

export interface PayoutCall extends CallBase {
  readonly kind: 'payout'
  /** Where it goes, in the gateway's words: a fund account, a PayPal account. */
  readonly destination: string | null
}

/** Moves money to a payee's linked account at the gateway. */
export interface TransferCall extends CallBase {
  readonly kind: 'transfer'
  /** The payment that it is taken from; null for one out of the balance. */
  readonly payment: string | null
  /** The linked account. */
  readonly destination: string | null
  readonly hold: TransferHold
}

/** Until when a linked account may not settle what was transferred to it, in milliseconds since 1970. */
export type TransferHold = 'none' | 'indefinite' | { readonly until: number }

/** Lets a linked account settle what was transferred to it under a hold: the payee is paid. */
export interface ReleaseCall extends CallBase {
  readonly kind: 'release'
  /** What the gateway calls the transfer. */
  readonly transfer: string
}

/** Takes back a transfer, or a part of one, from a linked account. */
export interface ReversalCall extends CallBase {
  readonly kind: 'reversal'
  /** What the gateway calls the transfer. */
  readonly transfer: string
}

/** What a gateway is asked to do: the same call on every attempt, under the same key. */
export type GatewayCall = OrderCall | CaptureCall | RefundCall | PayoutCall | TransferCall | ReleaseCall | ReversalCall
