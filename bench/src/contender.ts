import type { Workload } from './workload.js'

/** How long a lap took, and how many entries (or answers) it was. */
export interface Lap {
  readonly entries: number
  readonly ms: number
}

export interface Facts {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly bytesPerEntry: number
  readonly peakMemoryMb: number
}

/** One of those who do the same work: the ledger, the floor, or the code written by hand. */
export interface Contender {
  setUp(): Promise<void>
  /** Makes ready for the next so many calls; not measured. */
  prepare(calls: number): Promise<void>
  /** Makes those calls. */
  run(): Promise<Lap>
  /** Forgets what was measured so far: it was for warming up. */
  forget(): Promise<void>
  finish(): Promise<Facts>
}

export type ContenderKind = 'ledger' | 'floor' | 'by hand'

/** What a contender is made of. */
export interface Entrant {
  readonly workload: Workload
  /** Where its database is: a folder, or whatever else its storage says. */
  readonly place: string
}
