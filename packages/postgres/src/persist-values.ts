import { columnName, placePostings } from '@escrow-ledger/sql'
import {
  type AccountChange,
  type AccountRef,
  type Assumed,
  accountRefOf,
  type ChangeSet,
  type DayTotals,
  type Entry,
  invariant,
  type KeyRecord,
  type Posting,
  type PostingPlace,
} from 'escrow-ledger'
import { columnOf, type ValueOf } from './arrays.js'
import { hashOfKey } from './keys.js'
import {
  type ColumnArrays,
  entryArrays,
  keyArrays,
  postedAccounts,
  postedFields,
  postingArrays,
} from './persist-parameters.js'

type NumberOf = (ref: AccountRef) => string

/** Column by column rather than row by row, so that no row is made only to be taken apart. */
function arrays<Item>(
  { columns, types }: ColumnArrays,
  items: readonly Item[],
  values: Readonly<Record<string, ValueOf<Item>>>,
): Buffer[] {
  return columns.map((column, nth) => {
    const read = values[column]
    invariant(read, `column ${column} has a value`)
    return columnOf(items, read, types[nth] as string)
  })
}

/** What postings changed of accounts. */
export function postedValues(
  changes: readonly AccountChange[],
  { numberOf, assumed }: { numberOf: NumberOf; assumed: Assumed | null },
): Buffer[] {
  return arrays(postedAccounts, changes, {
    account: ({ after }) => numberOf(after),
    before: ({ key, before }) => assumed?.accounts.get(key) ?? before?.revision ?? 0,
    ...Object.fromEntries(postedFields.map((field) => [columnName(field), ({ after }: AccountChange) => after[field]])),
  })
}

export const entryValues = (entries: readonly Entry[]): Buffer[] => arrays(entryArrays, entries, ofEntry)

const ofEntry: Readonly<Record<string, ValueOf<Entry>>> = {
  postings: ({ postings }) => postings.length,
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  description: ({ description }) => description,
  metadata: ({ metadata }) => metadataText(metadata),
  reference: ({ reference }) => reference,
  effective_at: ({ effectiveAt }) => effectiveAt,
  recorded_at: ({ recordedAt }) => recordedAt,
  occurred_at: ({ occurredAt }) => occurredAt,
  actor: ({ actor }) => actor,
  reverses: ({ reverses }) => reverses,
  reason: ({ reason }) => reason,
  escrow: ({ escrow }) => escrow,
  release: ({ release }) => release,
  gateway: ({ gateway }) => gateway,
  payment: ({ payment }) => payment,
  party: ({ party }) => party,
  instruction: ({ instruction }) => instruction,
}

function metadataText(metadata: Entry['metadata']): string | null {
  const text = JSON.stringify(metadata)
  return text === '{}' ? null : text
}

interface PlacedPosting {
  readonly entry: string
  readonly line: number
  readonly posting: Posting
  readonly place: PostingPlace
}

export function postingValues(changes: ChangeSet, numberOf: NumberOf): Buffer[] {
  const places = placePostings(changes)
  const placed: PlacedPosting[] = []
  for (const { id, postings } of changes.entries) {
    for (let line = 0; line < postings.length; line++) {
      const place = places[placed.length] as PostingPlace
      placed.push({ entry: id, line, posting: postings[line] as Posting, place })
    }
  }
  return arrays(postingArrays, placed, {
    entry: ({ entry }) => entry,
    line: ({ line }) => line,
    account: ({ posting }) => numberOf(posting),
    version: ({ posting }) => posting.version,
    amount: ({ posting }) => posting.amount,
    balance: ({ posting }) => posting.balance,
    late_at: ({ place }) => place.lateAt,
    high_at: ({ place }) => place.highAt,
  })
}

export function dayValues(columns: ColumnArrays, totals: readonly DayTotals[], numberOf: NumberOf): Buffer[] {
  return arrays(columns, totals, {
    account: ({ account }) => numberOf(accountRefOf(account)),
    day: ({ day }) => day,
    debits: ({ debits }) => debits,
    credits: ({ credits }) => credits,
  })
}

export const keyValues = (keys: readonly KeyRecord[]): Buffer[] =>
  arrays(keyArrays, keys, {
    key_hash: ({ key }) => hashOfKey(key),
    fingerprint: ({ fingerprint }) => fingerprint,
    entry: ({ entry }) => entry,
    result: ({ result }) => result,
  })
