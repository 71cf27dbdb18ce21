import { type Account, balanceMinor } from '../../accounts/account.js'
import { chartRule } from '../../accounts/chart.js'
import { compareText } from '../../accounts/text.js'
import { type Money, sumFromMinor } from '../../money/index.js'
import type { Reads } from '../../storage/index.js'

/** What is owed to others in one currency, against what is there for it. */
export interface ClientMoney {
  readonly currency: string
  /** The sum of `owedTo`. */
  readonly owed: Money
  /** The sum of `heldIn`. */
  readonly available: Money
  /** What is missing; null where there is enough. */
  readonly shortfall: Money | null
  readonly owedTo: { readonly [Name in OwedName]: Money }
  readonly heldIn: { readonly [Name in HeldName]: Money }
}

/** The lines of the chart whose money belongs to others. */
const owedLines = {
  escrows: 'escrow:*',
  disputed: 'escrow:*:frozen',
  payables: 'payee:*:payable',
  reserves: 'payee:*:reserve',
  refunds: 'payer:*:refunds',
  refundsInTransit: 'refunds:in-transit:*',
  payoutsInTransit: 'payouts:in-transit:*',
  suspense: 'suspense:*',
} as const
type OwedName = keyof typeof owedLines

/** The lines of the chart in which money lies. */
const heldLines = {
  clearing: 'gateway:*:clearing',
  payouts: 'gateway:*:payouts',
  linked: 'gateway:*:linked:*',
  settlementsInTransit: 'settlements:in-transit:*',
  banks: 'bank:*',
} as const
type HeldName = keyof typeof heldLines

const PAGE = 1_000

/**
 * The client money position per currency, in their order; a currency of which nothing is owed or held is among them.
 * Suspense counts as owed while it is above zero in sum, and lessens what is owed where it is below.
 */
export async function clientMoneyPosition({
  book,
  reads,
  pageSize = PAGE,
}: {
  readonly book: string
  readonly reads: Reads
  readonly pageSize?: number | undefined
}): Promise<ClientMoney[]> {
  const sums = new Map<string, Map<string, bigint>>()
  let after: Account | null = null
  for (;;) {
    const page: readonly Account[] = await reads.accounts(book, { after, limit: pageSize })
    for (const account of page) add(sums, account)
    after = page.at(-1) ?? null
    if (!after) break
  }
  return [...sums].sort(([a], [b]) => compareText(a, b)).map(([currency, byLine]) => positionOf(currency, byLine))
}

function add(sums: Map<string, Map<string, bigint>>, account: Account): void {
  const byLine = sums.get(account.currency) ?? new Map<string, bigint>()
  sums.set(account.currency, byLine)
  const pattern = chartRule(account.code)?.pattern
  if (pattern) byLine.set(pattern, (byLine.get(pattern) ?? 0n) + balanceMinor(account))
}

function positionOf(currency: string, byLine: ReadonlyMap<string, bigint>): ClientMoney {
  const total = (lines: Readonly<Record<string, string>>) =>
    Object.values(lines).reduce((sum, line) => sum + (byLine.get(line) ?? 0n), 0n)
  const owed = total(owedLines)
  const available = total(heldLines)
  return {
    currency,
    owed: sumFromMinor(owed, currency),
    available: sumFromMinor(available, currency),
    shortfall: owed > available ? sumFromMinor(owed - available, currency) : null,
    owedTo: amountsOf(owedLines, byLine, currency),
    heldIn: amountsOf(heldLines, byLine, currency),
  }
}

function amountsOf<Name extends string>(
  lines: Readonly<Record<Name, string>>,
  byLine: ReadonlyMap<string, bigint>,
  currency: string,
): { readonly [Each in Name]: Money } {
  const amounts = Object.entries<string>(lines).map(([name, line]) => [
    name,
    sumFromMinor(byLine.get(line) ?? 0n, currency),
  ])
  return Object.fromEntries(amounts) as { readonly [Each in Name]: Money }
}
