import type { Account } from '../accounts/account.js'
import type { GatewayFacts } from '../accounts/gateway-facts.js'
import type { Book } from './book.js'
import type { Entry } from './entry.js'
import type { LocalDay } from './local-day.js'
import type { LifeEvent, RecordKind, Versioned } from './records.js'

/**
 * Thrown by a draft that is asked for a record which was not loaded. The engine then decides the command again in the
 * next batch, when what the batch before it created can be loaded.
 */
export class NotLoaded extends Error {
  constructor(readonly what: string) {
    super(`${what} was not loaded`)
  }
}

/** What a command may look at while it names the further records that it needs. */
export interface View {
  readonly book: Book
  get<Record extends Versioned>(kind: RecordKind<Record>, key: string): Record | null
  account(code: string, currency: string): Account | null
  /** The accounts of a code in all its currencies, ordered by currency. */
  accountsOf(code: string): readonly Account[]
  entry(id: string): Entry | null
  /** What the rules need to know of a gateway; the defaults for one without an adapter. */
  gateway(name: string): GatewayFacts
}

/** The instants, ids and author of one command: everything that decide takes from outside the records. */
export interface Circumstances {
  readonly now: number
  readonly actor: string | null
  /** The command's nth new id: the same on every attempt. */
  readonly nextId: () => string
  /** Says that the fact is known already: the call is answered with what was posted for it then. */
  readonly repeat: (entries: readonly Entry[]) => void
}

/**
 * What a decision is written on: the records as the commands before it left them, and the changes it makes. A decision
 * that refuses leaves its draft behind and the records untouched.
 */
export interface Draft extends View, Circumstances {
  put<Record extends Versioned>(kind: RecordKind<Record>, record: Record): void
  putAccount(account: Account): void
  putBook(book: Book): void
  /** Only `postEntry` calls this. */
  addEntry(entry: Entry): void
  /** Tells a step of a deal's story; whatever the command posts, before or after, belongs to it. */
  log(event: Omit<LifeEvent, 'entries'>): void
  /** What this draft has posted so far, in order. */
  readonly posted: readonly Entry[]
  dayOf(instant: number): LocalDay
}
