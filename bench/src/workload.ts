import type Database from 'better-sqlite3'
import type { Ledger } from 'escrow-ledger'
import type { Pool } from 'pg'

/** A stretch of a workload: the calls numbered from `first`. */
export interface Slice {
  readonly first: number
  readonly count: number
}

export interface Scene {
  readonly ledger: Ledger
  readonly slice: Slice
  /** How many calls are under way at once. */
  readonly callers: number
}

/** Awaits one call and notes how long it took. */
export type Timed = <Result>(call: () => Promise<Result>) => Promise<Result>

/** A user's own code in place of the ledger, on each storage. Gives how many entries (or answers) it was. */
export interface CodeByHand {
  sqlite(database: Database.Database, slice: Slice): number
  postgres(database: UserDatabase, slice: Slice): Promise<number>
}

/** PostgreSQL as a user's own code has it: the tables are in the search path. */
export interface UserDatabase {
  readonly pool: Pool
  /** The number of the one book there is. */
  readonly book: string
  /** Calls under way at once: as many as the pool has connections. */
  readonly connections: number
}

/**
 * Something that a ledger is asked to do again and again. It is the same whoever does it: the ledger that is measured,
 * and the one whose statements the floor and the hand-written code repeat.
 */
export interface Workload {
  readonly name: string
  /** Calls under way at once when the ledger is measured, and when the floor's rows are made. */
  readonly callers: number
  readonly floorCallers: number
  /** How many entries, unless the user says. */
  readonly entries: number
  /** At most so many, whatever the user says: for what is only measured for its latency. */
  readonly mostEntries?: number
  readonly entriesPerCall: number
  /** What part of a slice is done by hand, where one transaction an entry would take too long for all of it. */
  readonly handShare: number
  /**
   * What `--growth` makes the book grow by: by what is measured (as where this is absent), by what is prepared for it, of
   * which nothing is used up, or by all that is prepared before anything is measured, which is then used up.
   */
  readonly growsBy?: 'history' | 'backlog'
  /** What is there before the first slice. */
  setUp(ledger: Ledger): Promise<void>
  /** What a slice needs to be there; not measured. */
  prepare?(scene: Scene): Promise<void>
  /** What is measured. Resolves to how many entries (or answers) it was. */
  run(scene: Scene, timed: Timed): Promise<number>
  /** What a user would write, where that is not the ledger's own statements one transaction at a time. */
  readonly byHand?: CodeByHand
}
