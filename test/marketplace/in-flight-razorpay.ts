import type { Sandbox } from '@escrow-ledger/sandbox'
import type { InstructionView, Ledger } from 'escrow-ledger'
import { expect } from 'vitest'
import { all } from '../fixtures/balances.js'
import { takenAtRazorpay, takenInBooks } from './taken-back.js'

/** What Razorpay says of something that was made under a key of ours. Amounts are paise. */
interface Entity {
  readonly id: string
  readonly status: string
  readonly amount: number
  readonly fees?: number
  readonly fee?: number
  readonly captured?: boolean
  readonly settlement_status?: string | null
  readonly amount_reversed?: number
  readonly notes?: { readonly key?: string }
  readonly payment_id?: string
}
type State = Readonly<Record<'payments' | 'refunds' | 'transfers' | 'reversals' | 'payouts', readonly Entity[]>> & {
  readonly disputes: readonly { readonly amount_deducted: number }[]
}

/** What a call did to the balances at Razorpay, in paise. */
interface Effect {
  readonly clearing: bigint
  readonly payouts: bigint
  readonly linked: bigint
}

const none: Effect = { clearing: 0n, payouts: 0n, linked: 0n }
const effect = (changes: Partial<Effect>): Effect => ({ ...none, ...changes })
const plus = (a: Effect, b: Effect): Effect => ({
  clearing: a.clearing + b.clearing,
  payouts: a.payouts + b.payouts,
  linked: a.linked + b.linked,
})
const minus = (a: Effect, b: Effect): Effect =>
  plus(a, { clearing: -b.clearing, payouts: -b.payouts, linked: -b.linked })
const paise = (amount: number | undefined): bigint => BigInt(amount ?? 0)

/** What has happened at Razorpay. */
function atGateway(kind: InstructionView['kind'], entity: Entity | undefined): Effect {
  if (!entity) return none
  const [amount, fees] = [paise(entity.amount), paise(entity.fees)]
  const { status } = entity
  switch (kind) {
    case 'refund':
      return effect({ clearing: status === 'failed' ? 0n : -amount })
    case 'payout':
      if (status === 'reversed') return effect({ payouts: -fees })
      return effect({ payouts: status === 'processing' || status === 'processed' ? -amount - fees : 0n })
    case 'transfer':
      if (status === 'failed') return none
      return effect({ clearing: -amount - fees, linked: status === 'pending' ? 0n : amount })
    case 'reversal':
      return effect({ clearing: amount, linked: -amount })
    case 'release':
      return effect({ linked: entity.settlement_status === 'settled' ? paise(entity.amount_reversed) - amount : 0n })
    default:
      return none
  }
}

/** What of it is in the books. */
function inBooks({ kind, state, amount: { minor } }: InstructionView, entity: Entity | undefined): Effect {
  const done = state === 'processed'
  const fees = paise(entity?.fees)
  switch (kind) {
    case 'refund':
      return effect({ clearing: done ? -minor : 0n })
    case 'payout':
      return effect({ payouts: done ? -minor - fees : state === 'reversed' ? -fees : 0n })
    case 'transfer':
      return done ? effect({ clearing: -minor - fees, linked: minor }) : none
    case 'reversal':
      return done ? effect({ clearing: minor, linked: -minor }) : none
    case 'release':
      return effect({ linked: done ? -minor : 0n })
    default:
      return none
  }
}

const open = ['recorded', 'sending', 'accepted', 'unknown', 'waiting']

/**
 * While things are in flight, Razorpay's balances differ from the accounts by exactly what the instructions and payments
 * in flight have done there and the books do not say yet; and nothing else makes a difference.
 */
export async function expectRazorpayDifference({ razorpay }: Sandbox, ledger: Ledger): Promise<void> {
  const state = (await (await fetch(`${razorpay.url}/sandbox/state/razorpay`)).json()) as State
  const byKey = (list: readonly Entity[], key: string) => list.find(({ notes }) => notes?.key === key)
  const found = await all(ledger.instructions.list({ gateway: 'razorpay' }))
  const keys = new Map(found.map(({ id, gatewayKey }) => [id, gatewayKey]))
  let difference = none
  for (const each of found) {
    const entity = entityOf(state, each)
    const own = minus(atGateway(each.kind, entity), inBooks(each, entity))
    difference = plus(difference, own)
    const sentBack = each.kind === 'payout' && each.state === 'processed' && entity?.status === 'reversed'
    if (Object.values(own).some((amount) => amount !== 0n) && !sentBack) expect(open).toContain(each.state)
  }
  difference = plus(difference, await ofPayments(state, ledger))
  const taken = (await takenInBooks(ledger, 'razorpay')) - takenAtRazorpay(state)
  difference = plus(difference, effect({ clearing: taken }))
  const { clearing, payouts, linked } = razorpay.balances()
  const held = { clearing, payouts, linked: Object.values(linked).reduce((sum, amount) => sum + amount, 0n) }
  expect(minus(held, await accountsOf(ledger))).toEqual(difference)

  function entityOf(of: State, { kind, gatewayKey, about }: InstructionView): Entity | undefined {
    if (kind === 'refund') return byKey(of.refunds, gatewayKey)
    if (kind === 'payout') return byKey(of.payouts, gatewayKey)
    if (kind === 'transfer') return byKey(of.transfers, gatewayKey)
    if (kind === 'reversal') return byKey(of.reversals, gatewayKey)
    return kind === 'release' ? byKey(of.transfers, keys.get(about ?? '') ?? '') : undefined
  }
}

/** Payments that were captured, less what of them and of their fees is posted. */
async function ofPayments({ payments }: State, ledger: Ledger): Promise<Effect> {
  let clearing = 0n
  for (const { id, amount, fee, captured } of payments) {
    if (captured) clearing += paise(amount) - paise(fee)
    const known = await ledger.payments.get({ gateway: 'razorpay', reference: id }).catch(() => null)
    if (known === null) continue
    clearing -= known.amount.minor
    for (const charged of known.fees) clearing += charged.fee.minor
  }
  return effect({ clearing })
}

async function accountsOf(ledger: Ledger): Promise<Effect> {
  const sums = { clearing: 0n, payouts: 0n, linked: 0n }
  for (const { code, balance } of await all(ledger.accounts.list({ prefix: 'gateway:razorpay:' }))) {
    const name = code.split(':')[2]
    if (name === 'clearing' || name === 'payouts' || name === 'linked') sums[name] += balance.minor
  }
  return sums
}
