import { accountCodes } from '../accounts/chart.js'
import { compareText } from '../accounts/text.js'
import { invariant } from '../errors/index.js'
import type { Entry } from '../journal/entry.js'
import { type Money, sumFromMinor } from '../money/index.js'

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
  refunds: bigint
}

const nothing: Sums = { releases: 0, released: 0n, payable: 0n, fees: 0n, penalties: 0n, refunds: 0n }

/** Adds up releases by currency. */
export function createSettlementTotals() {
  const byCurrency = new Map<string, Sums>()

  /** Adds what a release posted, and what of it goes back to the payer. */
  function add(entries: readonly Entry[], toPayer: Money): void {
    const sums = byCurrency.get(toPayer.currency) ?? { ...nothing }
    byCurrency.set(toPayer.currency, sums)
    // What goes back stands last in the entry. Of credit it goes to any account, a payee's or the platform's too.
    let back = toPayer.minor
    const postings = entries.flatMap((entry) => (entry.kind === 'release' ? entry.postings : []))
    for (const { code, amount } of postings.toReversed()) {
      if (amount > 0n) {
        sums.released += amount
        sums.releases += 1
      } else if (back > 0n) {
        sums.refunds -= amount
        back += amount
      } else if (code === accountCodes.platformFees) sums.fees -= amount
      else if (code === accountCodes.platformPenalties) sums.penalties -= amount
      else sums.payable -= amount
    }
    invariant(back === 0n, 'a release credits the payer with what goes back')
  }

  function list(): SettlementTotals[] {
    return [...byCurrency]
      .sort(([a], [b]) => compareText(a, b))
      .map(([currency, { releases, released, payable, fees, penalties, refunds }]) => ({
        currency,
        releases,
        released: sumFromMinor(released, currency),
        payable: sumFromMinor(payable, currency),
        fees: sumFromMinor(fees, currency),
        penalties: sumFromMinor(penalties, currency),
        refunds: sumFromMinor(refunds, currency),
      }))
  }

  return { add, list }
}
