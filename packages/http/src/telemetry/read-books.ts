import type { BookLedger, Listing } from 'escrow-ledger'

/** What wants somebody's attention in one book. Ages are in milliseconds, and zero where nothing is due. */
export interface Attention {
  /** For how long the webhook that has been due longest has been due. */
  readonly inboxLagMs: number
  /** Webhooks whose subject has not been looked up, or was not there yet. */
  readonly inboxWaiting: number
  /** For how long the release that has been due longest has been due. */
  readonly unsettledAgeMs: number
  readonly unknownInstructions: number
  /** Those of the unknown ones which nothing here can find out about: people have to look. */
  readonly leftToOperator: number
  readonly deadWebhooks: number
  readonly releasesDue: readonly Count[]
  readonly openSuspense: readonly Count[]
}

interface Count {
  readonly currency: string
  readonly count: number
}

interface Reading {
  readonly now: number
  /** Where counting ends: to know that there are very many is enough, and a count costs reading. */
  readonly mostCounted: number
}

export async function readBook(book: BookLedger, { now, mostCounted }: Reading): Promise<Attention> {
  const first = <Item>(listing: Listing<Item>) => takeFirst(listing, mostCounted)
  const [received, waiting, dead, unknown, suspense, due] = await Promise.all([
    first(book.webhooks.list({ state: 'received' })),
    first(book.webhooks.list({ state: 'waiting' })),
    first(book.webhooks.list({ state: 'dead' })),
    first(book.instructions.list({ state: 'unknown' })),
    first(book.suspense.list()),
    book.settlements.due(),
  ])
  const [oldest] = await takeFirst(due.escrows, 1)
  const inbox = [...received, ...waiting]
  return {
    inboxLagMs: Math.max(0, ...inbox.map(({ nextAt }) => (nextAt === null ? 0 : now - nextAt))),
    inboxWaiting: inbox.length,
    unsettledAgeMs: oldest ? Math.max(0, now - oldest.dueAt) : 0,
    unknownInstructions: unknown.length,
    leftToOperator: unknown.filter(({ nextAt }) => nextAt === null).length,
    deadWebhooks: dead.length,
    releasesDue: due.totals.map(({ currency, count }) => ({ currency, count })),
    openSuspense: countedByCurrency(suspense.map(({ remaining }) => remaining.currency)),
  }
}

async function takeFirst<Item>(listing: Listing<Item>, limit: number): Promise<readonly Item[]> {
  return (await listing.page({ limit })).items
}

function countedByCurrency(currencies: readonly string[]): Count[] {
  const counts = new Map<string, number>()
  for (const currency of currencies) counts.set(currency, (counts.get(currency) ?? 0) + 1)
  return [...counts].map(([currency, count]) => ({ currency, count }))
}
