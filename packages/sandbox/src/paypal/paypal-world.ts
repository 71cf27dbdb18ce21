import type { BalanceSheet } from '../world/balance-sheet.js'
import type { World } from '../world/world.js'
import type { Authorization } from './authorization.js'
import type { Capture } from './capture.js'
import type { Disbursement } from './disbursement.js'
import type { Dispute } from './dispute.js'
import type { Journal } from './journal.js'
import type { Merchant, Referral } from './merchant.js'
import type { Order } from './order.js'
import type { PayoutBatch, PayoutItem, PayoutOutcome } from './payout.js'
import type { Refund } from './refund.js'
import type { RequestKeys } from './request-keys.js'
import type { PayPalSettings } from './settings.js'
import type { RegisteredWebhook } from './webhook-registry.js'

/** Something happened of which PayPal tells by webhook. */
export interface PayPalEvent {
  readonly type: string
  readonly resourceType: string
  readonly resource: object
  readonly summary: string
}

/** An event as its delivery has it. */
export interface ToldEvent {
  readonly id: string
  readonly create_time: string
  readonly event_type: string
  readonly resource: Readonly<Record<string, unknown>>
}

/** All that this PayPal holds, and what it lives in. */
export interface PayPalWorld {
  readonly settings: PayPalSettings
  readonly now: () => number
  readonly schedule: World['schedule']
  /** An id as PayPal's are: 17 capital letters and digits. */
  newId(length?: number): string
  readonly newMerchantId: () => string
  /** Where links point to. */
  readonly baseUrl: () => string
  tell(event: PayPalEvent): void
  readonly sheet: BalanceSheet
  readonly journal: Journal
  readonly keys: RequestKeys
  readonly orders: Map<string, Order>
  readonly authorizations: Map<string, Authorization>
  readonly captures: Map<string, Capture>
  readonly refunds: Map<string, Refund>
  readonly disbursements: Map<string, Disbursement>
  readonly payoutBatches: Map<string, PayoutBatch>
  readonly payoutItems: Map<string, PayoutItem>
  /** What is to become of payouts to a receiver; others succeed. */
  readonly payoutOutcomes: Map<string, PayoutOutcome>
  readonly merchants: Map<string, Merchant>
  readonly referrals: Map<string, Referral>
  readonly disputes: Map<string, Dispute>
  readonly webhooks: Map<string, RegisteredWebhook>
  /** Everything that was told, newest last. */
  readonly events: Map<string, ToldEvent>
}

/** The pockets of an account. */
export const pockets = {
  balance: (merchantId: string) => `balance:${merchantId}`,
  /** Paid, and held until it is disbursed. */
  held: (merchantId: string) => `held:${merchantId}`,
  disputed: (merchantId: string) => `disputed:${merchantId}`,
  /** On its way to receivers. */
  payouts: (merchantId: string) => `payouts:${merchantId}`,
  unclaimed: (merchantId: string) => `unclaimed:${merchantId}`,
  payers: 'outside:payers',
  receivers: 'outside:receivers',
  fees: 'outside:paypal-fees',
  exchange: 'outside:exchange',
  banks: 'outside:banks',
} as const

/** PayPal writes instants to the second. */
export const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

export const link = (world: PayPalWorld, rel: string, path: string, method = 'GET') => ({
  href: `${world.baseUrl()}${path}`,
  rel,
  method,
})
