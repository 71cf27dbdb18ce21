import type { Account } from '../accounts/account.js'
import type { Book } from './book.js'
import type { Entry } from './entry.js'

/** A record other than an account: it counts its changes, and a new one starts from 1. */
export interface Versioned {
  readonly revision: number
}

/** A kind of record, named once; storages keep one table for each. */
export interface RecordKind<Record extends Versioned> {
  readonly name: RecordKindName
  readonly keyOf: (record: Record) => string
}

/** All kinds there are, in the order in which they are locked. */
export const recordKindNames = [
  'escrows',
  'payments',
  'instructions',
  'fees',
  'suspense',
  'restrictions',
  'reversals',
  'exchanges',
  'webhooks',
  'movements',
  'clawbacks',
] as const
export type RecordKindName = (typeof recordKindNames)[number]

/** Which records a command needs, by kind. */
export type RecordKeys = { readonly [Name in RecordKindName]?: readonly string[] | undefined }

/**
 * What a batch works on: null says that a record was looked for and is not there; a key that is missing from its map
 * was not looked for.
 */
export interface Records {
  readonly book: Book
  readonly accounts: Map<string, Account | null>
  readonly entries: Map<string, Entry | null>
  readonly kinds: ReadonlyMap<RecordKindName, Map<string, Versioned | null>>
}

/** A step in a deal's story, kept in order and never changed. */
export interface LifeEvent {
  readonly escrow: string
  /** 1, 2, 3 … within the escrow. */
  readonly sequence: number
  readonly command: string
  readonly actor: string | null
  readonly at: number
  readonly recordedAt: number
  /** What the command said, as it matters to the reader. */
  readonly detail: Readonly<Record<string, unknown>>
  /** Everything that the command posted. */
  readonly entries: readonly string[]
}
