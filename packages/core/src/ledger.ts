import { bulkhead } from 'cockatiel'
import { checkId } from './accounts/text.js'
import { previewRequest } from './engine/batch.js'
import { type BookLedger, createBookLedger } from './engine/book-ledger.js'
import { type BookWithin, createBookWithin, type LedgerWithin } from './engine/book-within.js'
import { checkWiring } from './engine/check-wiring.js'
import { type CommitterLimits, createCommitter } from './engine/committer.js'
import type { BookContext } from './engine/context.js'
import type { Surroundings } from './engine/decide-batch.js'
import { gatewayFactsOf } from './engine/gateway-directory.js'
import { createGatewayLine, type GatewayLimits } from './engine/gateway-line.js'
import { createIdSource, type IdSource } from './engine/ids.js'
import { joinTransaction, runJoined } from './engine/joined.js'
import type { LedgerObserver } from './engine/ledger-observer.js'
import { createObserved } from './engine/observed.js'
import { type CallOptions, createRequest, type Outcome, type Request } from './engine/request.js'
import type { Gateway } from './gateways/gateway.js'
import type { Command } from './journal/command.js'
import type { Runtime, Storage } from './storage/index.js'

export interface LedgerOptions {
  /** Where the books are kept: `createSqliteStorage` from `@escrow-ledger/sqlite`, for one. */
  readonly storage: Storage
  /** Adapters by the gateway's name. Only dispatching needs one; anywhere else a gateway's name is a label. */
  readonly gateways?: Readonly<Record<string, Gateway>> | undefined
  /** The book that the ledger's own methods work on; `main` unless it is given. */
  readonly book?: string | undefined
  /** Replaces parts of the platform that the storage brings, such as the clock. */
  readonly runtime?: Partial<Runtime> | undefined
  /** Replaces the source of ids (UUIDs of version 7), to make a run repeatable. */
  readonly ids?: IdSource | undefined
  readonly limits?: CommitterLimits | undefined
  /** How calls are kept from piling up on a gateway, by its name. */
  readonly gatewayLimits?: Readonly<Record<string, GatewayLimits>> | undefined
  /** Told of commands, batches, queues and calls of gateways: `createTelemetry` of `@escrow-ledger/http`, for one. */
  readonly observer?: LedgerObserver | undefined
}

export interface Ledger extends BookLedger {
  /** The name of the book that its own methods work on. */
  readonly name: string
  /** The clock, timers and randomness that it works with. */
  readonly runtime: Runtime
  /** The same methods on another book. */
  book(name: string): BookLedger
  /**
   * The same methods in a transaction that the host has begun: what they write is committed or rolled back with what the
   * host writes. Takes what the storage takes, such as a `pg` client after BEGIN or a knex transaction; throws
   * `invalid_input` for anything else. Each command runs at once, and one that is refused leaves the transaction as it
   * was. Runs, which are many transactions, are not offered. How to use it, and what to repeat when, stands in
   * `docs/host-transactions.md`.
   */
  within(transaction: object): LedgerWithin
  /** Brings the database up to this version's schema. Safe to call at every start, by many processes at once. */
  migrate(): Promise<void>
  /** Finishes what was accepted, then closes the storage. Commands after it get `ledger_closed`. */
  close(): Promise<void>
}

/** Wires a ledger to its storage and gateways. Throws `invalid_input` for a storage, adapter or limits that cannot work. */
export function createLedger(options: LedgerOptions): Ledger {
  checkWiring(options)
  const { storage } = options
  const runtime: Runtime = { ...storage.runtime, ...options.runtime }
  const gateways = new Map(Object.entries(options.gateways ?? {}))
  const surroundings: Surroundings = { now: runtime.now, gateways: gatewayFactsOf(gateways) }
  const ids = options.ids ?? createIdSource(runtime)
  const observed = options.observer ? createObserved(options.observer, runtime) : null
  const committer = createCommitter(storage, options.limits ?? {}, { ...surroundings, runtime, observed })
  const lineOf = (name: string, gateway: Gateway) => {
    const line = createGatewayLine(gateway, runtime, options.gatewayLimits?.[name] ?? {})
    return observed ? observed.line(name, line) : line
  }
  const lines = new Map([...gateways].map(([name, gateway]) => [name, lineOf(name, gateway)] as const))
  const reports = bulkhead(REPORTS, Number.POSITIVE_INFINITY)
  const snapshot: Storage['snapshot'] = (read) => reports.execute(() => storage.snapshot(read))
  const wiring = { runtime, gateways, lines, observed, ids, surroundings }
  const books = new Map<string, BookLedger>()
  const mainBook = options.book ?? 'main'

  function book(name: string): BookLedger {
    const known = books.get(name)
    if (known) return known
    checkId(name, 'book')
    const submit = (request: Request) => committer.submit(name, request)
    const made = createBookLedger(contextOf({ ...wiring, book: name, storage, snapshot, submit }))
    books.set(name, made)
    return made
  }

  function within(transaction: object): LedgerWithin {
    const joined = joinTransaction(storage, transaction)
    function bookWithin(name: string): BookWithin {
      checkId(name, 'book')
      const submit = (request: Request) => runJoined(request, { book: name, joined, surroundings })
      return createBookWithin(contextOf({ ...wiring, book: name, storage: joined, snapshot: joined.snapshot, submit }))
    }
    return { ...bookWithin(mainBook), book: bookWithin }
  }

  return {
    ...book(mainBook),
    name: mainBook,
    runtime,
    book,
    within,
    migrate: () => storage.migrate(),
    async close() {
      await committer.close()
      await storage.close()
    },
  }
}

/** Reports that are made at a time: each keeps a connection for as long as it takes. The others wait for their turn. */
const REPORTS = 2

interface Wiring extends Pick<BookContext, 'book' | 'snapshot' | 'runtime' | 'gateways' | 'lines' | 'observed'> {
  readonly storage: Pick<Storage, 'transact' | 'reads'>
  readonly ids: IdSource
  readonly submit: (request: Request) => Promise<Outcome<unknown>>
  readonly surroundings: Surroundings
}

function contextOf({
  book,
  storage,
  snapshot,
  runtime,
  gateways,
  lines,
  observed,
  ids,
  submit,
  surroundings,
}: Wiring): BookContext {
  const { sha256 } = runtime
  return {
    book,
    reads: storage.reads,
    snapshot,
    runtime,
    gateways,
    lines,
    observed,
    newId: ids,
    run<Input, Result>(command: Command<Input, Result>, input: unknown, options: CallOptions = {}) {
      // Not an async function, so that nothing but the request is kept while it waits.
      const startedMs = observed?.elapsed() ?? 0
      try {
        const request = createRequest(command, { input, options, ids, sha256 })
        const answered = submit(request)
        observed?.answering({ book, command: command.name, startedMs }, request, answered)
        return answered as Promise<Outcome<Result>>
      } catch (error) {
        observed?.refused({ book, command: command.name, startedMs }, error)
        return Promise.reject(error)
      }
    },
    async preview<Input, Result>(command: Command<Input, Result>, input: unknown, now: number) {
      const request = createRequest(command, { input, options: {}, ids, sha256 })
      const work = () => previewRequest(request, { ...surroundings, now: () => now })
      return (await storage.transact(book, work)) as Outcome<Result>
    },
  }
}
