import type { AccountRef } from '../accounts/account.js'

/** One line of an entry. */
export interface Posting extends AccountRef {
  /** Signed minor units, never zero: a debit is positive, a credit negative. */
  readonly amount: bigint
  /** The account's version after this posting: its 1, 2, 3 … */
  readonly version: number
  /** The account's posted debits less its posted credits after this posting, in minor units. */
  readonly balance: bigint
}

/** What an entry is about. Every field is null where it does not apply. */
interface EntryLinks {
  readonly escrow: string | null
  /** The number of the escrow's release, from 1. */
  readonly release: number | null
  readonly gateway: string | null
  /** The gateway's reference of the payment. */
  readonly payment: string | null
  readonly party: string | null
  readonly instruction: string | null
}

/** A journal entry: append-only, balanced per currency, corrected only by another entry. */
export interface Entry extends EntryLinks {
  readonly id: string
  readonly kind: string
  readonly description: string
  readonly metadata: Readonly<Record<string, string>>
  /** The host's own reference, such as an invoice number. */
  readonly reference: string | null
  /** When it counts, in milliseconds. */
  readonly effectiveAt: number
  /** When it was written, in milliseconds; never goes back within an account. */
  readonly recordedAt: number
  /** When a fact says it happened, where that is not when it counts. */
  readonly occurredAt: number | null
  readonly actor: string | null
  /** The entry that this one reverses. */
  readonly reverses: string | null
  /** Why, where a rule asks for it. */
  readonly reason: string | null
  readonly postings: readonly Posting[]
  /** Present where what is kept of it is nothing that the library writes; then it has no metadata. */
  readonly unreadable?: 'metadata' | undefined
}

/** A line of an entry about to be posted. */
export interface Line extends AccountRef {
  /** Signed minor units: a debit is positive, a credit negative. Lines of zero are left out. */
  readonly amount: bigint
}

export function debit(code: string, amount: { minor: bigint; currency: string }): Line {
  return { code, currency: amount.currency, amount: amount.minor }
}

export function credit(code: string, amount: { minor: bigint; currency: string }): Line {
  return { code, currency: amount.currency, amount: -amount.minor }
}

/** An entry about to be posted: what is left out is null or empty. */
export interface NewEntry extends Partial<EntryLinks> {
  readonly kind: string
  readonly lines: readonly Line[]
  readonly effectiveAt: number
  readonly description?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly reference?: string | null
  readonly occurredAt?: number | null
  readonly reverses?: string | null
  readonly reason?: string | null
}
