import type { SettlementLine } from 'escrow-ledger'

/** Events that are other than the group they are in. https://developer.paypal.com/docs/transaction-search/transaction-event-codes/ */
const events: Readonly<Record<string, SettlementLine['kind']>> = {
  T0001: 'payout',
  T0113: 'adjustment',
  T1106: 'reversal',
  T1107: 'refund',
  T1110: 'dispute',
  T1111: 'dispute',
  T1114: 'payout',
  T1115: 'payout',
  T1201: 'dispute',
  T1202: 'dispute',
}

const groups: Readonly<Record<string, SettlementLine['kind']>> = {
  // Payments, fees, conversions, deposits from the bank, withdrawals to it.
  T00: 'payment',
  T01: 'adjustment',
  T02: 'adjustment',
  T03: 'other',
  T04: 'settlement',
  // Reversals, adjustments, holds and their ends.
  T11: 'refund',
  T12: 'adjustment',
  T15: 'adjustment',
  T21: 'adjustment',
}

/** What a transaction is about, by PayPal's event code. A payment that goes out is none of ours. */
export function kindOfTransaction(code: string, isDebit: boolean): SettlementLine['kind'] {
  const kind = events[code] ?? groups[code.slice(0, 3)] ?? 'other'
  return kind === 'payment' && isDebit ? 'other' : kind
}

/** Whether it goes by the id of what it is about, rather than by its own. */
export const isAboutAnother = (kind: SettlementLine['kind']): boolean =>
  kind === 'payout' || kind === 'dispute' || kind === 'reversal'
