import { invariant } from '../errors/index.js'
import type { Entry, Posting } from '../journal/entry.js'
import { fromMinor, type Money } from '../money/index.js'

/** A line of an entry as the host sees it. */
export interface PostingView {
  readonly account: string
  /** One of the two is null. */
  readonly debit: Money | null
  readonly credit: Money | null
  /** The account's version after this posting: its 1, 2, 3 … */
  readonly version: number
  /** The account's debits less its credits after this posting: below zero for what a liability owes. */
  readonly balance: Money
}

/** A journal entry as the host sees it. Times are milliseconds. */
export interface EntryView extends Omit<Entry, 'postings' | 'unreadable'> {
  readonly postings: readonly PostingView[]
}

/** Throws `invariant_violated` for an entry of which something cannot be read. */
export function entryView(entry: Entry): EntryView {
  checkReadable(entry)
  return { ...entry, postings: entry.postings.map(postingView) }
}

function checkReadable({ id, unreadable }: Entry): void {
  if (unreadable !== undefined) invariant(false, `the ${unreadable} of entry ${id} can be read`)
}

function postingView({ code, currency, amount, version, balance }: Posting): PostingView {
  const money = fromMinor(amount < 0n ? -amount : amount, currency)
  return {
    account: code,
    debit: amount > 0n ? money : null,
    credit: amount > 0n ? null : money,
    version,
    balance: fromMinor(balance, currency),
  }
}
