import type { Sandbox } from '@escrow-ledger/sandbox'
import { type InstructionView, type Ledger, money } from 'escrow-ledger'
import { expect } from 'vitest'
import { all } from '../fixtures/balances.js'
import { balanceOfPayPal } from './compare-balances.js'
import { takenAtPayPal, takenInBooks } from './taken-back.js'

/** A record of the sandbox's PayPal, with amounts as `USD 10.99`. */
type Shown = Readonly<Record<string, string>>
type State = Readonly<Record<'captures' | 'refunds' | 'payouts' | 'disputes', readonly Shown[]>>

/** Cents of an amount that is shown as `USD 10.99`; zero where none is shown. */
function cents(shown: string | undefined): bigint {
  const [currency = '', amount = ''] = (shown ?? '').split(' ')
  return amount === '' ? 0n : money(amount, currency).minor
}

const open = ['recorded', 'sending', 'accepted', 'unknown', 'waiting']
/** Nothing of these payouts has left the balance, or all of it is back. */
const kept = ['FAILED', 'BLOCKED', 'RETURNED', 'REVERSED', 'CANCELED']

/** What a call has done to the balance at PayPal. */
function atGateway({ kind }: InstructionView, record: Shown | undefined): bigint {
  if (!record) return 0n
  if (kind === 'refund') return record.status === 'COMPLETED' ? -cents(record.amount) : 0n
  return kept.includes(record.status ?? '') ? 0n : -cents(record.amount) - cents(record.fee)
}

/** What of it is in the books. */
function inBooks({ kind, state, amount }: InstructionView, record: Shown | undefined): bigint {
  if (state !== 'processed') return 0n
  return kind === 'refund' ? -amount.minor : -amount.minor - cents(record?.fee)
}

/**
 * While things are in flight, PayPal's balance differs from the account by exactly what the instructions and payments in
 * flight have done there and the books do not say yet; and nothing else makes a difference.
 */
export async function expectPayPalDifference({ paypal }: Sandbox, ledger: Ledger): Promise<void> {
  const state = (await (await fetch(`${paypal.url}/sandbox/state/paypal`)).json()) as State
  let difference = await ofPayments(state, ledger)
  for (const each of await all(ledger.instructions.list({ gateway: 'paypal' }))) {
    const record = recordOf(state, each)
    if (record === null) continue
    const own = atGateway(each, record) - inBooks(each, record)
    if (own !== 0n) expect(open).toContain(each.state)
    difference += own
  }
  difference += (await takenInBooks(ledger, 'paypal')) - takenAtPayPal(state)
  const held = balanceOfPayPal(paypal).USD ?? 0n
  const [clearing] = await all(ledger.accounts.list({ prefix: 'gateway:paypal:clearing', currency: 'USD' }))
  expect(held - (clearing?.balance.minor ?? 0n)).toBe(difference)
}

/** Null for what moves no money by itself: orders and captures make payments. */
function recordOf(state: State, { kind, gatewayKey }: InstructionView): Shown | undefined | null {
  if (kind === 'refund') return state.refunds.find(({ custom_id }) => custom_id === gatewayKey)
  if (kind === 'payout') return state.payouts.find(({ sender_item_id }) => sender_item_id === gatewayKey)
  return null
}

/** Payments that have arrived, less what of them and of their fees is posted. */
async function ofPayments({ captures }: State, ledger: Ledger): Promise<bigint> {
  let difference = 0n
  for (const { id = '', net } of captures) {
    difference += cents(net)
    const known = await ledger.payments.get({ gateway: 'paypal', reference: id }).catch(() => null)
    if (known === null) continue
    difference -= known.amount.minor
    for (const charged of known.fees) difference += charged.fee.minor
  }
  return difference
}
