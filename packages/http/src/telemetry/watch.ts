import type { BatchObservableResult, Meter, ObservableGauge } from '@opentelemetry/api'
import type { Ledger, Worker } from 'escrow-ledger'
import { createCurrencyCounts } from './currency-counts.js'
import { type Attention, readBook } from './read-books.js'

export interface WatchOptions {
  /** The books that are read; the ledger's own unless it is given. Their names become an attribute. */
  readonly books?: readonly string[] | undefined
  /** What was read is good for so long, in milliseconds, however often metrics are collected; 10,000 unless it is given. */
  readonly everyMs?: number | undefined
  /** Where counting ends, 1 to 1,000; 500 unless it is given. */
  readonly mostCounted?: number | undefined
  /** Whose tasks are watched as well. */
  readonly worker?: Pick<Worker, 'health'> | undefined
}

export interface Watched {
  /** Reads no more. Call it before the ledger is closed. */
  stop(): void
}

export type Watch = (ledger: Ledger, options?: WatchOptions) => Watched

interface Seen {
  readonly book: string
  /** Null where the book could not be read. */
  readonly attention: Attention | null
}

type Gauges = ReturnType<typeof createGauges>

/** One process of several is enough, since all of them read the same books. */
export function createWatch(meter: Meter): Watch {
  const gauges = createGauges(meter)
  const all = Object.values(gauges)
  const observeReleases = createCurrencyCounts(gauges.releasesDue)
  const observeSuspense = createCurrencyCounts(gauges.suspense)

  return (ledger, options = {}) => {
    const { books = [ledger.name], everyMs = 10_000, mostCounted = 500, worker } = options
    const { elapsed, now } = ledger.runtime
    let seen: { readonly at: number; readonly reading: Promise<readonly Seen[]> } | null = null

    async function see(book: string): Promise<Seen> {
      try {
        return { book, attention: await readBook(ledger.book(book), { now: now(), mostCounted }) }
      } catch {
        // Told by a gauge of its own; whoever called for metrics has to get the others.
        return { book, attention: null }
      }
    }

    async function read(): Promise<readonly Seen[]> {
      const at = elapsed()
      if (seen === null || at - seen.at >= everyMs) seen = { at, reading: Promise.all(books.map(see)) }
      return seen.reading
    }

    async function tell(result: BatchObservableResult): Promise<void> {
      for (const each of await read()) {
        observe(result, gauges, each)
        observeReleases(result, each.book, each.attention?.releasesDue ?? [])
        observeSuspense(result, each.book, each.attention?.openSuspense ?? [])
      }
      for (const { task, book, lastError } of worker?.health().tasks ?? []) {
        const attributes = { 'escrow_ledger.task': task, 'escrow_ledger.book': book }
        result.observe(gauges.workerOk, lastError === null ? 1 : 0, attributes)
      }
    }

    meter.addBatchObservableCallback(tell, all)
    return { stop: () => meter.removeBatchObservableCallback(tell, all) }
  }
}

function createGauges(meter: Meter) {
  const gauge = (name: string, unit: string, description: string): ObservableGauge =>
    meter.createObservableGauge(`escrow_ledger.${name}`, { unit, description })
  return {
    readable: gauge('book.readable', '1', 'Whether the book could be read.'),
    inboxLag: gauge('inbox.lag', 's', 'For how long the webhook that has been due longest has been due.'),
    inboxWaiting: gauge('inbox.waiting', '{webhook}', 'Webhooks that were not applied yet.'),
    unsettledAge: gauge('unsettled.age', 's', 'For how long the release that has been due longest has been due.'),
    releasesDue: gauge('releases.due', '{escrow}', 'Escrows whose release is due, by currency.'),
    unknown: gauge('instructions.unknown', '{instruction}', 'Instructions of which nobody knows what became.'),
    leftToOperator: gauge(
      'instructions.left_to_operator',
      '{instruction}',
      'Unknown ones that only people can find out.',
    ),
    dead: gauge('webhooks.dead', '{webhook}', 'Webhooks that were given up.'),
    suspense: gauge('suspense.open', '{item}', 'Open items of money that no rule could place, by currency.'),
    workerOk: gauge('worker.task.ok', '1', "Whether the last round of a worker's task ended well."),
  }
}

function observe(result: BatchObservableResult, gauges: Gauges, { book, attention }: Seen): void {
  const of = { 'escrow_ledger.book': book }
  result.observe(gauges.readable, attention === null ? 0 : 1, of)
  if (attention === null) return
  result.observe(gauges.inboxLag, attention.inboxLagMs / 1_000, of)
  result.observe(gauges.inboxWaiting, attention.inboxWaiting, of)
  result.observe(gauges.unsettledAge, attention.unsettledAgeMs / 1_000, of)
  result.observe(gauges.unknown, attention.unknownInstructions, of)
  result.observe(gauges.leftToOperator, attention.leftToOperator, of)
  result.observe(gauges.dead, attention.deadWebhooks, of)
}
