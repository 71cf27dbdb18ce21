import type { LoggedExchange } from '@escrow-ledger/sandbox'

/**
 * Holds the requests of an adapter against the contract of its gateway, case by case, and knows which operations have been.
 * `check` answers the faults of one request, null where the contract does not know it.
 */
export function heldAgainst(check: (exchange: LoggedExchange) => readonly string[] | null) {
  const operations = new Set<string>()
  return {
    operations,
    /** Throws where a request was not as it should be. */
    check(passed: readonly LoggedExchange[]): void {
      const faults = passed.flatMap((exchange) => {
        const found = check(exchange)
        if (found !== null && exchange.operation !== undefined) operations.add(exchange.operation)
        return (found ?? []).map((fault) => `${exchange.method} ${exchange.url}: ${fault}`)
      })
      if (faults.length > 0) throw new Error(`Requests are not as the contract says:\n${faults.join('\n')}`)
    },
  }
}
