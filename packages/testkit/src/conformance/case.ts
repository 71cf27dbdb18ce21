import type { Storage } from 'escrow-ledger'

/** A storage under test: new, empty, and migrated before a case begins. */
export interface Subject {
  readonly storage: Storage
  /** Opens the same books once more, as another process would. */
  readonly reopen: () => Promise<Storage>
  /** Begins a transaction of a host's, on a connection that is not the storage's. */
  readonly beginHost: () => Promise<HostTransaction>
  /** How many random examples a property is tried with. */
  readonly runs: number
}

/** A transaction of a host's on the database of the books. */
export interface HostTransaction {
  /** What the storage is to join. */
  readonly transaction: object
  /** Ends it, and gives its connection back. */
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** Cases by name. A case that fails throws. */
export type Cases = Readonly<Record<string, (subject: Subject) => Promise<void>>>

export const BOOK = 'main'
