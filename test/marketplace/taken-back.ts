import type { Ledger } from 'escrow-ledger'
import { all } from '../fixtures/balances.js'
import { cents } from './paypal-state.js'
import type { GatewayName } from './scenes.js'

interface AtRazorpay {
  readonly payments: readonly { readonly id: string; readonly captured?: boolean }[]
  readonly refunds: readonly {
    readonly status: string
    readonly amount: number
    readonly payment_id?: string
    readonly notes?: { readonly key?: string }
  }[]
  readonly disputes: readonly { readonly amount_deducted: number }[]
}

interface AtPayPal {
  readonly refunds: readonly { readonly status?: string; readonly amount?: string; readonly custom_id?: string }[]
  readonly disputes: readonly { readonly taken?: string }[]
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

/**
 * What refunds by hand and disputes took out of Razorpay's balance, in paise. What was never captured goes back by a refund
 * that takes nothing from it.
 */
export function takenAtRazorpay({ payments, refunds, disputes }: AtRazorpay): bigint {
  const uncaptured = new Set(payments.flatMap(({ id, captured }) => (captured ? [] : [id])))
  const byHand = refunds.filter(
    ({ notes, status, payment_id = '' }) =>
      notes?.key === undefined && status !== 'failed' && !uncaptured.has(payment_id),
  )
  return sum([
    ...byHand.map(({ amount }) => BigInt(amount)),
    ...disputes.map(({ amount_deducted }) => BigInt(amount_deducted)),
  ])
}

/** The same at PayPal, in cents. */
export const takenAtPayPal = ({ refunds, disputes }: AtPayPal): bigint =>
  sum([
    ...refunds
      .filter(({ custom_id, status }) => !custom_id && status === 'COMPLETED')
      .map(({ amount }) => cents(amount)),
    ...disputes.map(({ taken }) => cents(taken)),
  ])

/** What of it is in the books. */
export async function takenInBooks(ledger: Ledger, gateway: GatewayName): Promise<bigint> {
  return sum((await all(ledger.clawbacks.list({ gateway }))).map(({ taken }) => taken.minor))
}
