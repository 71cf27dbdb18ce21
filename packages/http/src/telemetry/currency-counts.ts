import type { BatchObservableResult, ObservableGauge } from '@opentelemetry/api'

interface Count {
  readonly currency: string
  readonly count: number
}

/**
 * Tells counts by currency. One that was told before and is no longer there is told as zero: the SDK would go on telling
 * its last value otherwise.
 */
export function createCurrencyCounts(gauge: ObservableGauge) {
  const told = new Map<string, Set<string>>()

  return (result: BatchObservableResult, book: string, counts: readonly Count[]): void => {
    const known = told.get(book) ?? new Set()
    told.set(book, known)
    for (const { currency } of counts) known.add(currency)
    for (const currency of known) {
      const count = counts.find((each) => each.currency === currency)?.count ?? 0
      result.observe(gauge, count, { 'escrow_ledger.book': book, 'escrow_ledger.currency': currency })
    }
  }
}
