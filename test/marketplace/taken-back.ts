import type { Ledger } from 'escrow-ledger'
import { all } from '../fixtures/balances.js'
import { cents } from './paypal-state.js'
import type { GatewayName } from './scenes.js'

interface AtRazorpay {
  readonly refunds: readonly {
    readonly status: string
    readonly amount: number
    readonly notes?: { readonly key?: string }
  }[]
  readonly disputes: readonly { readonly amount_deducted: number }[]
}

interface AtPayPal {
  readonly refunds: readonly { readonly status?: string; readonly amount?: string; readonly custom_id?: string }[]
  readonly disputes: readonly { readonly outcome?: string; readonly amount?: string }[]
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

/** What refunds by hand and disputes took out of Razorpay's balance, in paise. */
export const takenAtRazorpay = ({ refunds, disputes }: AtRazorpay): bigint =>
  sum([
    ...refunds
      .filter(({ notes, status }) => notes?.key === undefined && status !== 'failed')
      .map(({ amount }) => BigInt(amount)),
    ...disputes.map(({ amount_deducted }) => BigInt(amount_deducted)),
  ])

/** The same at PayPal, in cents. */
export const takenAtPayPal = ({ refunds, disputes }: AtPayPal): bigint =>
  sum([
    ...refunds
      .filter(({ custom_id, status }) => !custom_id && status === 'COMPLETED')
      .map(({ amount }) => cents(amount)),
    ...disputes.filter(({ outcome }) => outcome === 'RESOLVED_BUYER_FAVOUR').map(({ amount }) => cents(amount)),
  ])

/** What of it is in the books. */
export async function takenInBooks(ledger: Ledger, gateway: GatewayName): Promise<bigint> {
  return sum((await all(ledger.clawbacks.list({ gateway }))).map(({ taken }) => taken.minor))
}
