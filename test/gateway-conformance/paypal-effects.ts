import type { PayPalSandbox } from '@escrow-ledger/sandbox'
import { type InstructionKind, type Money, money } from 'escrow-ledger'

/** A record of the sandbox's PayPal, with amounts as `USD 10.99`. */
export interface PayPalRecord {
  readonly amount: string
  readonly status: string
  readonly held?: string
}

interface EffectList {
  readonly list: string
  readonly counts: (record: PayPalRecord) => boolean
}

const all = () => true

/** Where the effects of each kind of call are among the records of the sandbox, and which of them count. */
export const effectLists = {
  order: { list: 'orders', counts: all },
  capture: { list: 'captures', counts: all },
  refund: { list: 'refunds', counts: all },
  payout: { list: 'payouts', counts: all },
  /** Sellers' payments are held until they are released. */
  release: { list: 'captures', counts: ({ held = '' }) => wordsAsMoney(held).minor === 0n },
} satisfies Partial<Record<InstructionKind, EffectList>> as Partial<Record<InstructionKind, EffectList>> & {
  readonly order: EffectList
}

export function wordsAsMoney(words: string): Money {
  const [currency = '', value = ''] = words.split(' ')
  return money(value, currency)
}

/** Where PayPal has no decimals and the currency has two. */
const withoutDecimals = ['HUF', 'TWD']

/** What is in a pocket of the sandbox, which counts in PayPal's smallest units: currency → minor units. */
export function inPocket(paypal: PayPalSandbox, pocket: string): Readonly<Record<string, bigint>> {
  const held = Object.entries(paypal.balances()[pocket] ?? {})
  return Object.fromEntries(
    held.map(([currency, units]) => [currency, withoutDecimals.includes(currency) ? units * 100n : units]),
  )
}
