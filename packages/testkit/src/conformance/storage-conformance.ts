import type { Storage } from 'escrow-ledger'
import { accountReads } from './account-reads.js'
import { assumptions } from './assumptions.js'
import { atomicity } from './atomicity.js'
import { books } from './books.js'
import type { Cases, HostTransaction, Subject } from './case.js'
import { dayTotals } from './day-totals.js'
import { entryReads } from './entry-reads.js'
import { isolation } from './isolation.js'
import { joining } from './joining.js'
import { loading } from './loading.js'
import { postingReads } from './posting-reads.js'
import { readingAhead } from './reading-ahead.js'
import { recordReads } from './record-reads.js'
import { refusals } from './refusals.js'
import { type CaseOptions, registerCases } from './register-cases.js'
import { roundTrips } from './round-trips.js'
import { snapshots } from './snapshots.js'

/** What a case works on: a storage of its own, with no book in it. */
export interface StorageUnderTest {
  readonly storage: Storage
  /**
   * Opens the same books once more, as another process would. Where that cannot be, leave it out and skip the cases that
   * fail for want of it.
   */
  readonly reopen?: (() => Promise<Storage>) | undefined
  /**
   * Begins a transaction of a host's on the database of the books, as a host would that has opened it by itself. Where
   * the storage joins none, leave it out and skip the cases with `withoutJoining`.
   */
  readonly beginHost?: (() => Promise<HostTransaction>) | undefined
  /** Closes the storage and clears away what it left. */
  readonly close: () => Promise<void>
}

export interface ConformanceOptions extends CaseOptions {
  /** Makes a new storage for each case; the suite migrates it. */
  readonly createStorage: () => Promise<StorageUnderTest>
  /** How many random examples each property is tried with; 20 unless it is given. */
  readonly runs?: number | undefined
}

const groups: Readonly<Record<string, Cases>> = {
  'a unit of work': atomicity,
  isolation,
  'load and find': loading,
  'what is written': roundTrips,
  'assumed revisions': assumptions,
  'reading ahead': readingAhead,
  'in a transaction of the host': joining,
  'what is refused': refusals,
  books,
  'day totals': dayTotals,
  'reading accounts': accountReads,
  'reading entries': entryReads,
  'reading postings': postingReads,
  'reading records': recordReads,
  'reading as of one moment': snapshots,
}

/** Skips the cases on reading ahead, for a storage that offers none: `skip: withoutAhead('It has no network.')`. */
export function withoutAhead(reason: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(readingAhead).map((name) => [name, reason]))
}

/** Skips the cases on transactions of a host, for a storage that joins none: `skip: withoutJoining('It is no database.')`. */
export function withoutJoining(reason: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(joining).map((name) => [name, reason]))
}

/** The names of all cases, which `skip` takes. */
export const conformanceCases: readonly string[] = Object.values(groups).flatMap((cases) => Object.keys(cases))

/**
 * Registers the conformance suite of the storage port with a test runner: a storage that passes keeps the books right.
 * Throws a `RangeError` when `skip` names a case that is not there, or gives no reason.
 */
export function storageConformance(options: ConformanceOptions): void {
  const { createStorage, runs = 20 } = options
  registerCases(groups, options, (run) => runCase(run, { createStorage, runs }))
}

async function runCase(
  run: (subject: Subject) => Promise<void>,
  { createStorage, runs }: { createStorage: ConformanceOptions['createStorage']; runs: number },
): Promise<void> {
  const { storage, reopen, beginHost, close } = await createStorage()
  try {
    await storage.migrate()
    await run({ storage, reopen: reopen ?? cannotReopen, beginHost: beginHost ?? cannotBegin, runs })
  } finally {
    await close()
  }
}

async function cannotReopen(): Promise<Storage> {
  throw new Error('This storage gave no way to open it again: skip the case, and say why there is none.')
}

async function cannotBegin(): Promise<HostTransaction> {
  throw new Error(
    'This storage gave no way to begin a transaction of a host: skip the case, and say why there is none.',
  )
}
