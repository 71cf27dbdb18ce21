import { checkId } from './accounts/text.js'
import { type Accounts, createAccounts } from './engine/accounts.js'
import { previewRequest } from './engine/batch.js'
import { type Books, createBooks } from './engine/books.js'
import { type Committer, type CommitterLimits, createCommitter } from './engine/committer.js'
import type { BookContext } from './engine/context.js'
import type { Surroundings } from './engine/decide-batch.js'
import { createEscrows, type Escrows } from './engine/escrows.js'
import { gatewayFactsOf } from './engine/gateway-directory.js'
import { createIdSource, type IdSource } from './engine/ids.js'
import { createInstructions, createPayouts, type Instructions, type Payouts } from './engine/instructions.js'
import { createJournal, type Journal } from './engine/journal.js'
import { createPayments, createSuspense, type Payments, type Suspense } from './engine/payments.js'
import { createReports, type Reports } from './engine/reports.js'
import { type CallOptions, createRequest, type Outcome } from './engine/request.js'
import { createSettlements, type Settlements } from './engine/settlements.js'
import { type VerifyOptions, type VerifyReport, verifyBook } from './engine/verify/verify-book.js'
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
}

/** The methods of one book. */
export interface BookLedger {
  readonly accounts: Accounts
  readonly journal: Journal
  readonly books: Books
  readonly payments: Payments
  readonly suspense: Suspense
  readonly escrows: Escrows
  readonly settlements: Settlements
  readonly payouts: Payouts
  readonly instructions: Instructions
  readonly reports: Reports
  /** Recomputes the whole book from its postings and names every deviation. */
  verify(options?: VerifyOptions): Promise<VerifyReport>
}

export interface Ledger extends BookLedger {
  /** The same methods on another book. */
  book(name: string): BookLedger
  /** Brings the database up to this version's schema. Safe to call at every start, by many processes at once. */
  migrate(): Promise<void>
  /** Finishes what was accepted, then closes the storage. Commands after it get `ledger_closed`. */
  close(): Promise<void>
}

/** Wires a ledger to its storage and gateways. */
export function createLedger(options: LedgerOptions): Ledger {
  const { storage } = options
  const runtime: Runtime = { ...storage.runtime, ...options.runtime }
  const gateways = new Map(Object.entries(options.gateways ?? {}))
  const surroundings: Surroundings = { now: runtime.now, gateways: gatewayFactsOf(gateways) }
  const ids = options.ids ?? createIdSource(runtime)
  const committer = createCommitter(storage, options.limits ?? {}, { ...surroundings, runtime })
  const books = new Map<string, BookLedger>()

  function book(name: string): BookLedger {
    const known = books.get(name)
    if (known) return known
    checkId(name, 'book')
    const made = createBookLedger(contextOf({ book: name, storage, runtime, gateways, ids, committer, surroundings }))
    books.set(name, made)
    return made
  }

  return {
    ...book(options.book ?? 'main'),
    book,
    migrate: () => storage.migrate(),
    async close() {
      await committer.close()
      await storage.close()
    },
  }
}

function createBookLedger(context: BookContext): BookLedger {
  const { book, reads, runtime } = context
  return {
    accounts: createAccounts(context),
    journal: createJournal(context),
    books: createBooks(context),
    payments: createPayments(context),
    suspense: createSuspense(context),
    escrows: createEscrows(context),
    settlements: createSettlements(context),
    payouts: createPayouts(context),
    instructions: createInstructions(context),
    reports: createReports(context),
    verify: (options = {}) => verifyBook({ book, reads, now: runtime.now, ...options }),
  }
}

interface Wiring extends Pick<BookContext, 'book' | 'runtime' | 'gateways'> {
  readonly storage: Storage
  readonly ids: IdSource
  readonly committer: Committer
  readonly surroundings: Surroundings
}

function contextOf({ book, storage, runtime, gateways, ids, committer, surroundings }: Wiring): BookContext {
  return {
    book,
    reads: storage.reads,
    runtime,
    gateways,
    newId: ids,
    run<Input, Result>(command: Command<Input, Result>, input: unknown, options: CallOptions = {}) {
      const request = createRequest(command, { input, options, ids })
      return committer.submit(book, request) as Promise<Outcome<Result>>
    },
    async preview<Input, Result>(command: Command<Input, Result>, input: unknown, now: number) {
      const request = createRequest(command, { input, options: {}, ids })
      const work = () => previewRequest(request, { ...surroundings, now: () => now })
      return (await storage.transact(book, work)) as Outcome<Result>
    },
  }
}
