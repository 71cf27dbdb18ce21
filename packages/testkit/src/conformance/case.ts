import type { Storage } from 'escrow-ledger'

/** A storage under test: new, empty, and migrated before a case begins. */
export interface Subject {
  readonly storage: Storage
  /** Opens the same books once more, as another process would. */
  readonly reopen: () => Promise<Storage>
  /** How many random examples a property is tried with. */
  readonly runs: number
}

/** Cases by name. A case that fails throws. */
export type Cases = Readonly<Record<string, (subject: Subject) => Promise<void>>>

export const BOOK = 'main'
