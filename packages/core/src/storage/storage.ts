import type { AccountRef } from '../accounts/account.js'
import type { RecordKindName, Records } from '../journal/records.js'
import type { Changes } from '../journal/working.js'
import type { Reads } from './reads.js'
import type { Runtime } from './runtime.js'

/**
 * Where the books are kept. Write one by passing the conformance suite of `@escrow-ledger/testkit`.
 *
 * The contract of `transact`: the unit of work is atomic (all of it is there after COMMIT, none of it otherwise),
 * isolated (what it loaded does not change until it ends, whoever else writes), and durable before `transact` resolves.
 * The storage drives the generator: it answers each step it yields, from BEGIN to COMMIT, and rolls back when the
 * generator throws. A storage whose driver is synchronous never yields to the event loop in between. A unit of work
 * that the database could not serialise is started again from `work()`, as often as the storage's retry policy says;
 * then it fails with `storage_busy`. When COMMIT was sent and its answer lost, it fails with `outcome_unknown`, and the
 * engine finds out by the idempotency keys.
 */
export interface Storage {
  /** The clock, timers and randomness of the platform that this storage runs on; a host can replace them. */
  readonly runtime: Runtime
  /** Brings the schema up to this version. Safe to race; refuses a newer schema with `schema_newer`. */
  migrate(): Promise<void>
  transact<Result>(book: string, work: () => Work<Result>): Promise<Result>
  /** Present where the engine should decide ahead: where a unit of work waits for a network. Absent on SQLite. */
  readonly ahead?: Ahead | undefined
  /** The read side: committed records, one page at a time. */
  readonly reads: Reads
  /**
   * Reads what was committed at one moment, whatever is committed until `read` has ended. `read` does nothing but read: it
   * may be begun again, and writers may have to wait for it. Fails with `storage_busy` where others leave no such moment.
   */
  snapshot<Result>(read: (reads: Reads) => Promise<Result>): Promise<Result>
  /** Takes part in a transaction of the host's. Absent where the books lie in no database that a host writes to. */
  join?(transaction: object): JoinedTransaction
  /** Whatever is asked after it fails with `ledger_closed`. */
  close(): Promise<void>
}

/**
 * A transaction that the host has begun on a connection of its own, and will end. `join` throws `invalid_input` for what
 * is none of this database; whatever is asked once it is over fails with `invalid_input` as well.
 *
 * The contract: a unit of work is all there or not at all within the transaction, and what it wrote is committed or
 * rolled back with everything else that the host does. When the generator throws, or has persisted nothing, nothing of
 * it is left, neither rows nor settings, and the transaction goes on. Reads see what the transaction wrote. Units of work
 * and reads run one after another, in the order in which they were asked for, whoever asks. What was learnt in here is
 * kept for nobody else, since nobody tells whether it was committed. A unit of work may be started again from `work()`;
 * where only a new transaction can go on, it fails with `storage_busy`. It never fails with `outcome_unknown`: COMMIT is
 * the host's.
 */
export type JoinedTransaction = Pick<Storage, 'transact' | 'reads'>

/** What lets the engine decide a batch from records that it holds while the batch before it still commits. */
export interface Ahead {
  /** How many units of work may be under way at once, over all books. At most two of them are of one book. */
  readonly inFlight: number
  /** Committed records and idempotency keys, read without locks. What is decided from them is persisted under `assumed`. */
  read(book: string, keys: LoadKeys, idempotencyKeys: readonly string[]): Promise<CommittedRecords>
}

export interface CommittedRecords {
  readonly loaded: Loaded
  readonly known: ReadonlyMap<string, KeyRecord>
}

/** A unit of work: written once, driven by whichever storage runs it. */
export type Work<Result> = Generator<Step, Result, never>

export type Step =
  /** Load these records and lock them, in the canonical order, until the unit of work ends. */
  | { readonly step: 'load'; readonly keys: LoadKeys }
  /** Look these idempotency keys up. Asked after the locks are held. */
  | { readonly step: 'find'; readonly idempotencyKeys: readonly string[] }
  /**
   * Write everything, keys included; later steps of the same unit of work see it. `assumed` names the revision of every
   * record that was read without a load in this unit of work; what is not there has revision 0. When one of them differs
   * now, an entry that it names is not there, or an idempotency key of the changes or a row to be inserted is there
   * already, nothing is written, the answer is `stale`, and the unit of work goes on.
   *
   * `ends` says that nothing follows once this is persisted, so that a storage may send COMMIT along with it and the
   * whole unit of work is one round trip. When the answer is `stale`, other steps follow all the same.
   */
  | {
      readonly step: 'persist'
      readonly changes: ChangeSet
      readonly assumed: Assumed | null
      readonly ends: boolean
    }

/** Keys are unique and in UTF-8 byte order within each list; lists are locked in the order of `recordKindNames`. */
export interface LoadKeys {
  readonly records: ReadonlyMap<RecordKindName, readonly string[]>
  readonly accounts: readonly AccountRef[]
  /** Codes of which the accounts in all currencies are wanted. */
  readonly codes: readonly string[]
  readonly entries: readonly string[]
  /**
   * No other unit of work of this book runs meanwhile: commands that freeze or close a code in all its currencies, and
   * those that change the book itself, ask for it. Every other unit of work shares the book.
   */
  readonly wholeBook: boolean
}

/**
 * The answer to a load: the book, and each key asked for, with null where nothing is there. Where an account is not
 * there, its code's restriction is loaded as well.
 */
export type Loaded = Records

/**
 * Revisions by key, in the canonical order. What was looked for and was not there counts as revision 0. All of it is
 * compared once the locks are held.
 */
export interface Assumed {
  readonly book: number
  readonly accounts: ReadonlyMap<string, number>
  readonly records: ReadonlyMap<RecordKindName, ReadonlyMap<string, number>>
  /**
   * Ids of entries that must be there. What is decided on top of a unit of work that is still under way names an entry
   * of it: a revision alone may also have come about by another writer's change.
   */
  readonly entries: readonly string[]
}

export interface ChangeSet extends Changes {
  readonly keys: readonly KeyRecord[]
}

/** An idempotency key with its request's fingerprint and the first result. */
export interface KeyRecord {
  readonly key: string
  /** 16 bytes: the version of the rule, then a hash of the operation and its parsed input. */
  readonly fingerprint: Uint8Array
  /** The only entry that the command made, where the result is that entry and nothing else. */
  readonly entry: string | null
  /** The first result in wire form, where it is more than one entry. */
  readonly result: string | null
}

export type PersistAnswer = 'persisted' | 'stale'

/** The steps as functions, each typed by its answer. */
export function* load(keys: LoadKeys): Generator<Step, Loaded, never> {
  return yield { step: 'load', keys }
}

export function* find(idempotencyKeys: readonly string[]): Generator<Step, ReadonlyMap<string, KeyRecord>, never> {
  return yield { step: 'find', idempotencyKeys }
}

export function* persist(
  changes: ChangeSet,
  assumed: Assumed | null,
  { ends = false }: { readonly ends?: boolean } = {},
): Generator<Step, PersistAnswer, never> {
  return yield { step: 'persist', changes, assumed, ends }
}
