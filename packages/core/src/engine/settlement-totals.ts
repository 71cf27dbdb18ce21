import { compareText } from '../accounts/text.js'
import type { Entry } from '../journal/entry.js'
import { fromMinor, type Money } from '../money/index.js'

/** What a run released, in one currency. */
export interface SettlementTotals {
  readonly currency: string
  readonly releases: number
  readonly released: Money
  /** To the payees. */
  readonly payable: Money
  /** The platform's shares. */
  readonly fees: Money
  /** The platform's part of deductions. */
  readonly penalties: Money
  /** What goes back to the payers. */
  readonly refunds: Money
}

interface Sums {
  releases: number
  released: bigint
  payable: bigint
  fees: bigint
  penalties: bigint
}

/** Adds up release entries by currency. */
export function createSettlementTotals() {
  const byCurrency = new Map<string, Sums>()

  function add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'release') continue
      for (const { code, currency, amount } of entry.postings) {
        const sums = byCurrency.get(currency) ?? { releases: 0, released: 0n, payable: 0n, fees: 0n, penalties: 0n }
        byCurrency.set(currency, sums)
        if (amount > 0n) {
          sums.released += amount
          sums.releases += 1
        } else if (code.endsWith(':payable')) sums.payable -= amount
        else if (code === 'platform:fees') sums.fees -= amount
        else if (code === 'platform:penalties') sums.penalties -= amount
      }
    }
  }

  function list(): SettlementTotals[] {
    return [...byCurrency]
      .sort(([a], [b]) => compareText(a, b))
      .map(([currency, { releases, released, payable, fees, penalties }]) => ({
        currency,
        releases,
        released: fromMinor(released, currency),
        payable: fromMinor(payable, currency),
        fees: fromMinor(fees, currency),
        penalties: fromMinor(penalties, currency),
        refunds: fromMinor(released - payable - fees - penalties, currency),
      }))
  }

  return { add, list }
}
