import type {
  ChangeSet,
  DayChanges,
  DayTotals,
  LocalDay,
  RecordChange,
  RecordKindName,
  Totals,
  Versioned,
} from 'escrow-ledger'
import { type BookState, postingsOf } from './book-state.js'
import { frozenCopy } from './frozen-copy.js'

/** The state with a change set written to it. Whether it may be written is asked before, by `checkChanges`. */
export function applyChanges(state: BookState, given: ChangeSet): BookState {
  const changes = frozenCopy(given)
  return {
    book: changes.book ?? state.book,
    accounts: new Map([...state.accounts, ...changes.accounts.map(({ key, after }) => [key, after] as const)]),
    entries: new Map([...state.entries, ...changes.entries.map((entry) => [entry.id, entry] as const)]),
    postings: appended(
      state.postings,
      changes.entries.flatMap(postingsOf).map(({ key, row }) => [key, row]),
    ),
    days: applyDays(state.days, changes.days),
    records: applyRecords(state.records, changes.records),
    events: appended(
      state.events,
      changes.events.map((event) => [event.escrow, event]),
    ),
    keys: new Map([...state.keys, ...changes.keys.map((key) => [key.key, key] as const)]),
  }
}

function appended<Item>(
  lists: ReadonlyMap<string, readonly Item[]>,
  items: readonly (readonly [string, Item])[],
): ReadonlyMap<string, readonly Item[]> {
  const all = new Map(lists)
  for (const [key, item] of items) all.set(key, [...(all.get(key) ?? []), item])
  return all
}

function applyRecords(
  records: BookState['records'],
  changes: readonly RecordChange[],
): ReadonlyMap<RecordKindName, ReadonlyMap<string, Versioned>> {
  const all = new Map(records)
  for (const { kind, key, after } of changes) all.set(kind, new Map([...(all.get(kind) ?? []), [key, after]]))
  return all
}

/**
 * Applies the changes of day totals in the order that `DayChanges` asks for: backdates are added to the rows from their
 * day on, closes are inserted, and then every backdated day without a row gets one from the row before it.
 */
function applyDays(days: BookState['days'], { closes, backdates }: DayChanges): BookState['days'] {
  const all = new Map([...days].map(([account, rows]) => [account, new Map(rows)]))
  const rowsOf = (account: string): Map<LocalDay, Totals> => {
    const rows = all.get(account) ?? new Map<LocalDay, Totals>()
    all.set(account, rows)
    return rows
  }
  for (const backdate of backdates) {
    const rows = rowsOf(backdate.account)
    for (const [day, totals] of rows) if (day >= backdate.day) rows.set(day, sumOf(totals, backdate))
  }
  for (const close of closes) rowsOf(close.account).set(close.day, sumOf(nothing, close))
  for (const backdate of inOrderOfDay(backdates)) {
    const rows = rowsOf(backdate.account)
    if (!rows.has(backdate.day)) rows.set(backdate.day, sumOf(totalsThrough(rows, backdate.day), backdate))
  }
  return all
}

function inOrderOfDay(backdates: readonly DayTotals[]): readonly DayTotals[] {
  return [...backdates].sort((left, right) => left.day - right.day)
}

/** The totals of the last row on or before a day. */
export function totalsThrough(rows: ReadonlyMap<LocalDay, Totals>, through: LocalDay): Totals {
  const day = Math.max(...[...rows.keys()].filter((each) => each <= through))
  return rows.get(day) ?? nothing
}

function sumOf(left: Totals, right: Totals): Totals {
  return Object.freeze({ debits: left.debits + right.debits, credits: left.credits + right.credits })
}

const nothing: Totals = Object.freeze({ debits: 0n, credits: 0n })
