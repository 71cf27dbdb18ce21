import type { Sandbox } from '@escrow-ledger/sandbox'
import type { InstructionView, Ledger } from 'escrow-ledger'
import { expect } from 'vitest'
import { all } from '../fixtures/balances.js'
import { balanceOfPayPal } from './compare-balances.js'
import { cents, type Shown, type State, stateOfPayPal } from './paypal-state.js'
import { takenAtPayPal, takenInBooks } from './taken-back.js'

const open = ['recorded', 'sending', 'accepted', 'unknown', 'waiting']
/** Nothing of these payouts has left the balance, or all of it is back. */
const kept = ['FAILED', 'BLOCKED', 'RETURNED', 'REVERSED', 'CANCELED']

/** What of a payment or a refund is the platform's: of one for a seller, the platform's fee. */
const ofPlatform = (record: Shown, merchantId: string, own: 'net' | 'amount') =>
  cents(record.payee === merchantId ? record[own] : record.platform_fee)

/** What a call has done to the platform's balance at PayPal. */
function atGateway({ kind }: InstructionView, record: Shown | undefined, merchantId: string): bigint {
  if (!record) return 0n
  if (kind === 'refund') return record.status === 'COMPLETED' ? -ofPlatform(record, merchantId, 'amount') : 0n
  return kept.includes(record.status ?? '') ? 0n : -cents(record.amount) - cents(record.fee)
}

/** What of it is in the books; of a refund for a seller, beside the reversal of what the seller gave. */
function inBooks({ kind, state, amount }: InstructionView, record: Shown | undefined, merchantId: string): bigint {
  if (state !== 'processed') return 0n
  if (kind === 'payout') return -amount.minor - cents(record?.fee)
  return record ? -ofPlatform(record, merchantId, 'amount') : -amount.minor
}

/**
 * While things are in flight, PayPal's balance differs from the account by exactly what the instructions and payments in
 * flight have done there and the books do not say yet; and nothing else makes a difference.
 */
export async function expectPayPalDifference({ paypal }: Sandbox, ledger: Ledger): Promise<void> {
  const { merchantId } = paypal
  const state = await stateOfPayPal(paypal)
  const found = await all(ledger.instructions.list({ gateway: 'paypal' }))
  let difference = (await ofPayments(state, ledger, merchantId)) + ofSellers(found)
  for (const each of found) {
    const record = recordOf(state, each)
    if (record === null) continue
    const own = atGateway(each, record, merchantId) - inBooks(each, record, merchantId)
    if (own !== 0n) expect(open).toContain(each.state)
    difference += own
  }
  difference += (await takenInBooks(ledger, 'paypal')) - takenAtPayPal(state)
  const held = balanceOfPayPal(paypal).USD ?? 0n
  const [clearing] = await all(ledger.accounts.list({ prefix: 'gateway:paypal:clearing', currency: 'USD' }))
  expect(held - (clearing?.balance.minor ?? 0n)).toBe(difference)
}

/** Null for what moves none of the platform's money by itself: orders and captures make payments. */
function recordOf(state: State, { kind, gatewayKey }: InstructionView): Shown | undefined | null {
  if (kind === 'refund') return state.refunds.find(({ custom_id }) => custom_id === gatewayKey)
  if (kind === 'payout') return state.payouts.find(({ sender_item_id }) => sender_item_id === gatewayKey)
  return null
}

/** Payments that have arrived, less what of them and of their fees is posted. */
async function ofPayments({ captures }: State, ledger: Ledger, merchantId: string): Promise<bigint> {
  let difference = 0n
  for (const capture of captures) {
    difference += ofPlatform(capture, merchantId, 'net')
    const { id = '' } = capture
    const known = await ledger.payments.get({ gateway: 'paypal', reference: id }).catch(() => null)
    if (known === null) continue
    difference -= known.amount.minor
    for (const charged of known.fees) difference += charged.fee.minor
  }
  return difference
}

/**
 * What the books have taken from the platform's account for sellers, whose payments they post whole; and what sellers have
 * given of refunds that are not posted yet.
 */
function ofSellers(found: readonly InstructionView[]): bigint {
  const refunded = new Set(
    found.flatMap(({ kind, state, gatewayReference }) =>
      kind === 'refund' && state === 'processed' ? [`reversal:${gatewayReference}`] : [],
    ),
  )
  let difference = 0n
  for (const { kind, id, amount } of found) {
    if (kind === 'transfer') difference += amount.minor
    if (kind === 'reversal' && !refunded.has(id)) difference -= amount.minor
  }
  return difference
}
