import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { InstructionKind, PayoutCall, RefundCall } from 'escrow-ledger'
import { invalidOption, originOf, type RazorpayEnvironment } from './environment.js'
import { checkSecrets } from './signature.js'

export type RazorpayPayoutMode = 'NEFT' | 'RTGS' | 'IMPS' | 'UPI' | 'card'

/** How payouts are made from RazorpayX. */
export interface RazorpayPayoutOptions {
  /** The customer identifier of the account at RazorpayX that they leave from. */
  readonly accountNumber: string
  /**
   * By which network. It must be the same each time that it is asked about the same call. Unless it is given: UPI for a
   * UPI address, IMPS or (above its limit of five lakh rupees) NEFT for a bank account, IMPS for a card.
   */
  readonly mode?: RazorpayPayoutMode | ((call: PayoutCall | RefundCall) => RazorpayPayoutMode) | undefined
  /** RazorpayX's word for what it is for; `payout`, or `refund` for a refund, unless it is given. */
  readonly purpose?: string | undefined
  /** What the beneficiary's statement says: 30 letters, digits and spaces at most. */
  readonly narration?: string | undefined
  /** Whether Razorpay keeps a payout until the balance carries it; otherwise it is tried again later from here. True unless it is given. */
  readonly queueIfLowBalance?: boolean | undefined
}

export interface RazorpayOptions {
  /** Must agree with the key: `rzp_test_…` or `rzp_live_…`. */
  readonly environment: RazorpayEnvironment
  readonly keyId: string
  readonly keySecret: string
  /** The name that the gateway is registered under, for its accounts; `razorpay` unless it is given. */
  readonly name?: string | undefined
  /** Secrets of the webhook, any of which will do; without them no webhook is verified. */
  readonly webhookSecrets?: readonly string[] | undefined
  /** Our own account, `acc_…`, by which webhooks of our settlements are told from those of linked accounts. */
  readonly accountId?: string | undefined
  /** RazorpayX; without it no payout is offered. */
  readonly payouts?: RazorpayPayoutOptions | undefined
  /**
   * Where a payee is paid: the fund account (`fa_…`) for a payout or a refund, the linked account (`acc_…`) for a transfer;
   * null while there is none.
   */
  readonly destinationOf?: ((party: string, kind: InstructionKind) => Promise<string | null>) | undefined
  /** Whether Razorpay captures what a payer has authorised by itself; `automatic` unless it is given. */
  readonly capture?: 'automatic' | 'manual' | undefined
  /** `optimum` gives money back at once where that is possible, for a fee; `normal` unless it is given. */
  readonly refundSpeed?: 'normal' | 'optimum' | ((call: RefundCall) => 'normal' | 'optimum') | undefined
  /** A server that stands in for Razorpay, such as `http://127.0.0.1:4010`; refused with live keys. */
  readonly baseUrl?: string | undefined
  /** How long one request may take, in milliseconds; 20,000 unless it is given. */
  readonly timeoutMs?: number | undefined
  /** Makes the connections: to keep them alive, or to go through a proxy. Of https, or of http for such a server. */
  readonly agent?: HttpAgent | HttpsAgent | undefined
}

/** Options that have been checked, with what was left out. */
export interface Settings extends RazorpayOptions {
  readonly origin: string
  readonly name: string
  readonly timeoutMs: number
  readonly capture: 'automatic' | 'manual'
}

/** Throws `invalid_input` for what can never work. */
export function readOptions(options: RazorpayOptions): Settings {
  const origin = originOf(options ?? {})
  const { keySecret, webhookSecrets, payouts, timeoutMs = 20_000, name = 'razorpay', capture = 'automatic' } = options
  if (typeof keySecret !== 'string' || keySecret === '') throw invalidOption('keySecret', 'must not be empty')
  if (webhookSecrets !== undefined) checkSecrets({ webhookSecrets }, 'webhookSecrets')
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1) {
    throw invalidOption('timeoutMs', 'must be a whole number of milliseconds')
  }
  if (payouts !== undefined && !/^[0-9A-Za-z]{1,40}$/.test(payouts.accountNumber)) {
    throw invalidOption('payouts.accountNumber', 'must be letters and digits')
  }
  return { ...options, origin, name, timeoutMs, capture }
}
