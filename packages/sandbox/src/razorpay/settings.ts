/** How the stand-in for Razorpay is set up. Whatever is left out has a default. */
export interface RazorpayOptions {
  readonly keyId?: string | undefined
  readonly keySecret?: string | undefined
  readonly webhookSecret?: string | undefined
  /** The merchant's own account: `acc_` and 14 letters or digits. */
  readonly accountId?: string | undefined
  /** The customer identifier of RazorpayX, from which payouts are made. */
  readonly accountNumber?: string | undefined
  readonly fees?: Partial<RazorpayFees> | undefined
  readonly times?: Partial<RazorpayTimes> | undefined
  /** Whether payments are captured by themselves when the order does not say. */
  readonly capture?: 'automatic' | 'manual' | undefined
  /** `daily` settles what is due at 09:00 in India each day; `manual` leaves it to the act `settle`. */
  readonly settlements?: 'daily' | 'manual' | undefined
  /** Payouts wait for a person's approval. */
  readonly payoutApproval?: boolean | undefined
  /** Whether a refund with speed `optimum` can be made at once; otherwise it changes to `normal`. */
  readonly instantRefunds?: boolean | undefined
  /** Rupees for one unit of another currency, as a decimal text: `{ USD: '83.25' }`. Others than these are refused. */
  readonly rates?: Readonly<Record<string, string>> | undefined
}

export interface RazorpayFees {
  /** Of the amount captured; the tax comes on top. */
  readonly paymentBasisPoints: number
  readonly transferBasisPoints: number
  /** Paise for each payout. */
  readonly payoutMinor: bigint
  /** Paise for each refund that was made at once. */
  readonly instantRefundMinor: bigint
  /** GST on each of these fees. */
  readonly taxBasisPoints: number
}

/** How long things take, in milliseconds of the sandbox's clock. */
export interface RazorpayTimes {
  /** From the creation of a transfer from a payment or order until it is processed. */
  readonly transferMs: number
  /** Of a refund of normal speed. */
  readonly refundMs: number
  readonly payoutMs: number
  /** From the moment that nothing is missing any more until a linked account is activated. */
  readonly activationMs: number
  /** An authorised payment that is not captured by then goes back to the payer. */
  readonly authorizationMs: number
  /** Until when a dispute can be answered; it is lost then. */
  readonly disputeMs: number
  /** The age at which a payment is settled with the merchant. */
  readonly settleAfterMs: number
  /** The age at which a transfer is settled with a linked account, held or not. */
  readonly settleLinkedAfterMs: number
}

export type Settings = Required<{ [Key in keyof RazorpayOptions]: Exclude<RazorpayOptions[Key], undefined> }> & {
  readonly fees: RazorpayFees
  readonly times: RazorpayTimes
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const defaults: Settings = {
  keyId: 'rzp_test_sandbox0000000',
  keySecret: 'sandbox-key-secret',
  webhookSecret: 'sandbox-webhook-secret',
  accountId: 'acc_Sandbox0000000',
  accountNumber: '7878780080316316',
  fees: {
    paymentBasisPoints: 200,
    transferBasisPoints: 25,
    payoutMinor: 500n,
    instantRefundMinor: 500n,
    taxBasisPoints: 1800,
  },
  times: {
    transferMs: 1000,
    refundMs: hour,
    payoutMs: minute,
    activationMs: hour,
    authorizationMs: 5 * day,
    disputeMs: 7 * day,
    settleAfterMs: 2 * day,
    settleLinkedAfterMs: 2 * day,
  },
  capture: 'manual',
  settlements: 'daily',
  payoutApproval: false,
  instantRefunds: true,
  rates: {},
}

export function readSettings(options: RazorpayOptions): Settings {
  const given = withoutUndefined(options)
  return {
    ...defaults,
    ...given,
    fees: { ...defaults.fees, ...withoutUndefined(options.fees ?? {}) },
    times: { ...defaults.times, ...withoutUndefined(options.times ?? {}) },
  }
}

const withoutUndefined = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
