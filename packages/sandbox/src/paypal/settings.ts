import type { ExchangeRate } from './money.js'

const hour = 3_600_000
export const DAY_MS = 24 * hour

/** What PayPal takes of a payment: a part of it and a fixed sum. */
export interface FeeRule {
  readonly basisPoints: number
  /** Minor units by currency; none where the currency is not named. */
  readonly fixedMinor?: Readonly<Record<string, bigint>> | undefined
}

export interface PayPalOptions {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** The account that calls the API, which is also the partner of the sellers: 13 letters and digits. */
  readonly merchantId?: string | undefined
  readonly email?: string | undefined
  readonly primaryCurrency?: string | undefined
  readonly webhookId?: string | undefined
  /** What the account holds at the start: currency → minor units. */
  readonly openingBalances?: Readonly<Record<string, bigint>> | undefined
  /** Of payments that come in. 3.49 % and 0.49 USD unless given. */
  readonly paymentFee?: FeeRule | undefined
  /** Of each item of a payout. 2 %, at most 20.00 USD, unless given. */
  readonly payoutFee?: (FeeRule & { readonly maximumMinor?: Readonly<Record<string, bigint>> | undefined }) | undefined
  /** Currencies that payees do not hold, and what payments in them are changed into. */
  readonly exchangeRates?: readonly ExchangeRate[] | undefined
  /** Refunds are pending for so long. 0, the default: they are completed at once. */
  readonly refundDelayMs?: number | undefined
  /** Payouts are pending for half of it, then processing. One minute unless given. */
  readonly payoutDelayMs?: number | undefined
  /** How late transactions are found by the search: up to three hours, which is the default. */
  readonly reportingDelayMs?: number | undefined
  /** How long an order waits for the payer, and then for its capture: three hours unless given. */
  readonly orderLifetimeMs?: number | undefined
  /** Refuses a payment with an `invoice_id` that was paid, as accounts do by default. */
  readonly uniqueInvoiceIds?: boolean | undefined
  /** Whether a refund may say how much of the platform's fee it gives back. PayPal enables it on request only. */
  readonly platformFeeRefunds?: boolean | undefined
}

const fixedFees = {
  USD: 49n,
  EUR: 39n,
  GBP: 39n,
  AUD: 59n,
  CAD: 59n,
  JPY: 49n,
  HUF: 100n,
  TWD: 14n,
}

/** The options with PayPal's usual values where they say nothing. */
export const readSettings = (options: PayPalOptions = {}) => ({
  clientId: options.clientId ?? 'sandbox-client-id',
  clientSecret: options.clientSecret ?? 'sandbox-client-secret',
  merchantId: options.merchantId ?? 'PLATFRM234567',
  email: options.email ?? 'platform@sandbox.example',
  primaryCurrency: options.primaryCurrency ?? 'USD',
  webhookId: options.webhookId ?? '9WH12345AB678901C',
  openingBalances: options.openingBalances ?? {},
  paymentFee: options.paymentFee ?? { basisPoints: 349, fixedMinor: fixedFees },
  payoutFee: options.payoutFee ?? { basisPoints: 200, maximumMinor: { USD: 2000n } },
  exchangeRates: options.exchangeRates ?? [],
  refundDelayMs: options.refundDelayMs ?? 0,
  payoutDelayMs: options.payoutDelayMs ?? 60_000,
  reportingDelayMs: options.reportingDelayMs ?? 3 * hour,
  orderLifetimeMs: options.orderLifetimeMs ?? 3 * hour,
  uniqueInvoiceIds: options.uniqueInvoiceIds ?? true,
  platformFeeRefunds: options.platformFeeRefunds ?? false,
})

export type PayPalSettings = ReturnType<typeof readSettings>
