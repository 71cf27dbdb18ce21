import { type Account, type AccountRef, accountKey } from '../accounts/account.js'
import { inTextOrder } from '../accounts/text.js'
import { invariant } from '../errors/index.js'
import type { Book } from '../journal/book.js'
import type { Entry } from '../journal/entry.js'
import { type RecordKindName, type Records, recordKindNames, type Versioned } from '../journal/records.js'
import type { Changes } from '../journal/working.js'
import type { Assumed, Loaded, LoadKeys } from '../storage/index.js'
import { sortedUnique } from './load-needs.js'

/**
 * The records of one book as the last decided batch left them, that of batches still under way included. Null says that
 * a record was looked for and is not there. Entries never change, so only those that are there are held: that one is
 * missing may be over at any time, and no revision would tell.
 */
export interface Held {
  /** Grows when everything is dropped: what was read before is of no use then. */
  readonly epoch: () => number
  /** What of these keys is not held, or null. */
  missing(keys: LoadKeys): LoadKeys | null
  /** Keeps what was read, where nothing is held yet. */
  fill(loaded: Loaded): void
  /** The records of exactly these keys, as a storage would load them; all of them are held, but for missing entries. */
  select(keys: LoadKeys): Loaded
  /** Takes a decided batch over. */
  apply(changes: Changes): void
  /** Lets go of the entries of a batch that has landed, since they can be read now. */
  release(entries: readonly Entry[]): void
  /** Drops what no batch under way has touched, when there is too much. */
  trim(underWay: readonly Touched[]): void
  clear(): void
}

/** What a batch has read, and what it changes. */
export interface Touched {
  readonly records: Records
  readonly changes: Changes
}

export function createHeld(most: number): Held {
  let epoch = 0
  let book: Book | null = null
  let accounts = new Map<string, Account | null>()
  let entries = new Map<string, Entry>()
  let kinds = newKinds()

  const size = () => accounts.size + entries.size + recordKindNames.reduce((sum, kind) => sum + kinds[kind].size, 0)

  /** What is missing of accounts, and of the restrictions that are needed where an account is not there. */
  function missingAccounts(wanted: readonly AccountRef[]): { refs: AccountRef[]; codes: string[] } {
    const refs: AccountRef[] = []
    const codes: string[] = []
    for (const ref of wanted) {
      const account = accounts.get(keyOf(ref))
      if (account === undefined) refs.push(ref)
      else if (account === null && !kinds.restrictions.has(ref.code)) codes.push(ref.code)
    }
    return { refs, codes }
  }

  function missingRecords({ records }: LoadKeys, restricted: readonly string[]): Map<RecordKindName, string[]> {
    const missing = new Map<RecordKindName, string[]>()
    for (const kind of recordKindNames) {
      const wanted = records.get(kind)?.filter((key) => !kinds[kind].has(key)) ?? []
      const keys = kind === 'restrictions' && restricted.length > 0 ? sortedUnique([...wanted, ...restricted]) : wanted
      if (keys.length > 0) missing.set(kind, keys)
    }
    return missing
  }

  return {
    epoch: () => epoch,
    missing(keys) {
      const { refs, codes } = missingAccounts(keys.accounts)
      const records = missingRecords(keys, codes)
      const ids = keys.entries.filter((id) => !entries.has(id))
      if (book !== null && records.size === 0 && refs.length === 0 && ids.length === 0) return null
      return { ...nothing, records, accounts: refs, entries: ids }
    },
    fill(loaded) {
      book ??= loaded.book
      fillGaps(accounts, loaded.accounts)
      for (const [kind, records] of loaded.kinds) fillGaps(kinds[kind], records)
      for (const [id, entry] of loaded.entries) if (entry) entries.set(id, entry)
    },
    select(keys) {
      invariant(book, 'the book is held once something was read')
      const selected: Loaded = {
        book,
        accounts: new Map(),
        entries: new Map(keys.entries.map((id) => [id, entries.get(id) ?? null])),
        kinds: new Map([...keys.records].map(([kind, wanted]) => [kind, pick(kinds[kind], wanted)])),
      }
      const restricted: string[] = []
      for (const ref of keys.accounts) {
        const key = keyOf(ref)
        const account = heldIn(accounts, key)
        selected.accounts.set(key, account)
        if (account === null) restricted.push(ref.code)
      }
      if (restricted.length === 0) return selected
      const wanted = [...(keys.records.get('restrictions') ?? []), ...restricted]
      return { ...selected, kinds: new Map([...selected.kinds, ['restrictions', pick(kinds.restrictions, wanted)]]) }
    },
    apply(changes) {
      book = changes.book ?? book
      for (const { key, after } of changes.accounts) accounts.set(key, after)
      for (const { kind, key, after } of changes.records) kinds[kind].set(key, after)
      for (const entry of changes.entries) entries.set(entry.id, entry)
    },
    release(posted) {
      for (const { id } of posted) entries.delete(id)
    },
    trim(underWay) {
      if (size() <= most) return
      const before = { accounts, kinds }
      accounts = new Map()
      entries = new Map()
      kinds = newKinds()
      for (const { records, changes } of underWay) {
        keep({ from: before.accounts, to: accounts, keys: records.accounts.keys() })
        for (const [kind, named] of records.kinds)
          keep({ from: before.kinds[kind], to: kinds[kind], keys: named.keys() })
        for (const { kind, key } of changes.records) keep({ from: before.kinds[kind], to: kinds[kind], keys: [key] })
        for (const entry of changes.entries) entries.set(entry.id, entry)
      }
    },
    clear() {
      epoch += 1
      book = null
      accounts = new Map()
      entries = new Map()
      kinds = newKinds()
    },
  }
}

type Kinds = Record<RecordKindName, Map<string, Versioned | null>>

function newKinds(): Kinds {
  return Object.fromEntries(recordKindNames.map((kind) => [kind, new Map()])) as unknown as Kinds
}

const nothing: LoadKeys = { records: new Map(), accounts: [], codes: [], entries: [], wholeBook: false }

function keyOf({ code, currency }: AccountRef): string {
  return accountKey(code, currency)
}

function heldIn<Record>(records: ReadonlyMap<string, Record | null>, key: string): Record | null {
  const record = records.get(key)
  invariant(record !== undefined, `${key} is held before a batch is decided on it`)
  return record
}

function pick<Record>(
  records: ReadonlyMap<string, Record | null>,
  keys: readonly string[],
): Map<string, Record | null> {
  return new Map(keys.map((key) => [key, heldIn(records, key)]))
}

function fillGaps<Record>(held: Map<string, Record | null>, read: ReadonlyMap<string, Record | null>): void {
  for (const [key, record] of read) if (!held.has(key)) held.set(key, record)
}

function keep<Record>(which: { from: Map<string, Record>; to: Map<string, Record>; keys: Iterable<string> }): void {
  for (const key of which.keys) {
    const record = which.from.get(key)
    if (record !== undefined) which.to.set(key, record)
  }
}

/** The revisions of everything that was read. */
export function assumedOf(records: Records, entries: readonly string[]): Assumed {
  return {
    book: records.book.revision,
    accounts: revisionsOf(records.accounts),
    records: new Map(
      recordKindNames.flatMap((kind) => {
        const ofKind = records.kinds.get(kind)
        return ofKind?.size ? [[kind, revisionsOf(ofKind)] as const] : []
      }),
    ),
    entries,
  }
}

function revisionsOf(records: ReadonlyMap<string, { readonly revision: number } | null>): Map<string, number> {
  return new Map(inTextOrder(records.keys()).map((key) => [key, records.get(key)?.revision ?? 0]))
}
