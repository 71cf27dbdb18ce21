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
export interface EntryView extends Omit<Entry, 'postings'> {
  readonly postings: readonly PostingView[]
}

export function entryView(entry: Entry): EntryView {
  return { ...entry, postings: entry.postings.map(postingView) }
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
