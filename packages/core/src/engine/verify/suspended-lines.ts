import { chartRule } from '../../accounts/chart.js'
import type { Entry, Posting } from '../../journal/entry.js'
import type { SuspenseItem } from '../../payments/suspense.js'
import type { Verification } from './verification.js'

/** A line on an account of suspense, and the entry that it belongs to. */
interface SuspendedLine {
  readonly entry: Entry
  readonly line: Posting
}

/** Kinds of entries that only take out of suspense what is there. */
const resolving: ReadonlySet<string> = new Set(['suspense_allocated', 'suspense_refunded', 'suspense_written_off'])

/**
 * Kinds whose lines on one side may take out of suspense what is there, so that only those of the other side say that
 * there is an item: 1 where debits may.
 */
const mayResolve: Readonly<Record<string, 1 | -1>> = {
  funding: 1,
  credit_matched: 1,
  gateway_refund: 1,
  gateway_refund_returned: -1,
  chargeback_returned: -1,
}

/** The lines of a page that put something into suspense, and have no item. */
export async function missingItems(
  { reads, book, pageSize }: Verification,
  page: readonly Entry[],
): Promise<readonly SuspendedLine[]> {
  const lines = page.flatMap((entry) => suspendedBy(entry).map((line) => ({ entry, line })))
  if (lines.length === 0) return []
  const query = { kind: 'suspense', order: [], after: null } as const
  const ids = [...new Set(lines.map(({ entry }) => entry.id))]
  const limit = lines.length + pageSize
  const known = (await reads.records(book, { ...query, where: { entry: ids }, limit })) as readonly SuspenseItem[]
  const counts = new Map<string, number>()
  const count = (name: string, more: number) => counts.set(name, (counts.get(name) ?? 0) + more)
  for (const { entry, gateway, currency, amountMinor } of known) {
    count(nameOf({ entry, gateway, currency, amountMinor }), 1)
  }
  return lines.filter(({ entry, line }) => {
    const name = nameOf({ entry: entry.id, gateway: entry.gateway, currency: line.currency, amountMinor: -line.amount })
    count(name, -1)
    return (counts.get(name) ?? 0) < 0
  })
}

function suspendedBy({ kind, postings }: Entry): readonly Posting[] {
  if (resolving.has(kind)) return []
  return postings.filter(({ code, amount }) => {
    // Most lines are on other accounts, which is quicker told by how they start than by the chart.
    if (!code.startsWith('suspense:') || chartRule(code)?.pattern !== 'suspense:*') return false
    return mayResolve[kind] === undefined || mayResolve[kind] > 0 !== amount > 0n
  })
}

/** One text for what an item must be of. */
function nameOf(item: {
  readonly entry: string
  readonly gateway: string | null
  readonly currency: string
  readonly amountMinor: bigint
}): string {
  return `${item.entry} ${item.gateway} ${item.currency} ${item.amountMinor}`
}
