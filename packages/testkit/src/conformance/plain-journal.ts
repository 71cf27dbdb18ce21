import {
  type Account,
  type AccountChange,
  type AccountRef,
  accountKey,
  type Book,
  type ChangeSet,
  compareText,
  dayChangesOf,
  type Entry,
  type Loaded,
  type LoadKeys,
  load,
  openAccount,
  type Posting,
  persist,
  type RecordChange,
  type RecordKindName,
  recordKindNames,
  type Storage,
  type Work,
  zoneOf,
} from 'escrow-ledger'
import { equal } from './assertions.js'

/** 2025-09-01T00:00:00Z. */
export const START = 1_756_684_800_000
export const DAY_MS = 86_400_000

export interface PlainLine {
  readonly code: string
  /** USD unless it is given. */
  readonly currency?: string
  /** Signed minor units: a debit is positive. */
  readonly amount: bigint
}

/** An entry about to be posted. What is left out is null or empty; times are `START`. */
export interface PlainEntry extends Partial<Omit<Entry, 'postings'>> {
  readonly lines: readonly PlainLine[]
}

const nothingChanged: ChangeSet = {
  book: null,
  accounts: [],
  entries: [],
  days: { closes: [], backdates: [] },
  records: [],
  events: [],
  keys: [],
}

/** Far above the ids that cases choose by themselves. */
let serial = 1_000_000

/** A UUID of version 7 from a number: rising numbers give rising ids. */
export function idOf(number: number): string {
  const hex = number.toString(16).padStart(12, '0')
  return `0199d2c0-${hex.slice(0, 4)}-7000-8000-${hex}`
}

/** An id that no other entry of this run has. */
export function newId(): string {
  serial += 1
  return idOf(serial)
}

/** Two lines: an amount from one account to another, in USD unless another currency is given. */
export function transfer(from: string, to: string, amount: bigint, currency = 'USD'): readonly PlainLine[] {
  return [
    { code: to, currency, amount },
    { code: from, currency, amount: -amount },
  ]
}

/** Keys in the canonical order, once each. */
export function keysOf(wanted: {
  readonly records?: { readonly [Kind in RecordKindName]?: readonly string[] }
  readonly accounts?: readonly AccountRef[]
  readonly codes?: readonly string[]
  readonly entries?: readonly string[]
  readonly wholeBook?: boolean
}): LoadKeys {
  const { records = {}, accounts = [], codes = [], entries = [], wholeBook = false } = wanted
  const refs = new Map(accounts.map(({ code, currency }) => [accountKey(code, currency), { code, currency }]))
  const sorted = [...refs].sort(([left], [right]) => compareText(left, right))
  return {
    records: new Map(recordKindNames.flatMap((kind) => (records[kind] ? [[kind, inOrder(records[kind])]] : []))),
    accounts: sorted.map(([, ref]) => ref),
    codes: inOrder(codes),
    entries: inOrder(entries),
    wholeBook,
  }
}

export function inOrder(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compareText)
}

/** Loads the accounts of these entries, posts them, and persists them with whatever else is to change. */
export function* post(entries: readonly PlainEntry[], more: Partial<ChangeSet> = {}): Work<readonly Entry[]> {
  const refs = entries.flatMap(({ lines }) => lines.map(({ code, currency = 'USD' }) => ({ code, currency })))
  const loaded = yield* load(keysOf({ accounts: refs }))
  const changes = postingChanges(loaded, entries)
  equal(yield* persist(inOrderOfKeys({ ...changes, ...more }), null), 'persisted')
  return changes.entries
}

/** Posts entries in a unit of work of their own. */
export function posted(
  storage: Pick<Storage, 'transact'>,
  { book, entries, more = {} }: { book: string; entries: readonly PlainEntry[]; more?: Partial<ChangeSet> },
): Promise<readonly Entry[]> {
  return storage.transact(book, () => post(entries, more))
}

/** Persists changes in a unit of work of their own. */
export async function written(storage: Storage, book: string, changes: Partial<ChangeSet>): Promise<void> {
  equal(await storage.transact(book, () => persist(changesOf(changes), null)), 'persisted')
}

/** A change set with nothing but these changes, in the canonical order. */
export function changesOf(changes: Partial<ChangeSet>): ChangeSet {
  return inOrderOfKeys({ ...nothingChanged, ...changes })
}

function inOrderOfKeys(changes: ChangeSet): ChangeSet {
  const byKey = (left: { readonly key: string }, right: { readonly key: string }) => compareText(left.key, right.key)
  const kindOf = ({ kind }: RecordChange) => recordKindNames.indexOf(kind)
  return {
    ...changes,
    accounts: [...changes.accounts].sort(byKey),
    records: [...changes.records].sort((left, right) => kindOf(left) - kindOf(right) || byKey(left, right)),
    keys: [...changes.keys].sort(byKey),
  }
}

/** An account that exists: an asset without limits unless something else is said. */
export function accountOf(account: Partial<Account> & { readonly code: string }): Account {
  const opened = { currency: 'USD', type: 'asset', floor: null, ceiling: null, openedAt: START, ...account } as const
  return { ...openAccount(opened), revision: 1, ...account }
}

/** The opening of accounts, as changes. */
export function opening(accounts: readonly Account[]): readonly AccountChange[] {
  return accounts.map((after) => ({ key: accountKey(after.code, after.currency), before: null, after }))
}

/** What posting entries changes, worked out from what was loaded. Accounts that are not there are opened. */
export function postingChanges(loaded: Loaded, plain: readonly PlainEntry[]): ChangeSet {
  const after = new Map<string, Account>()
  const entries = plain.map((entry) => postPlain(entry, { loaded, after }))
  const accounts = [...after].map(([key, account]) => ({
    key,
    before: loaded.accounts.get(key) ?? null,
    after: account,
  }))
  const book: Book = { ...loaded.book, hasEntries: true, revision: loaded.book.revision + 1 }
  return {
    ...nothingChanged,
    book: loaded.book.hasEntries ? null : book,
    accounts,
    entries,
    days: dayChangesOf(loaded.book, loaded.accounts, entries),
  }
}

function postPlain(
  { lines, ...given }: PlainEntry,
  { loaded, after }: { loaded: Loaded; after: Map<string, Account> },
): Entry {
  const accounts = lines.map(({ code, currency = 'USD' }) => {
    const key = accountKey(code, currency)
    return after.get(key) ?? loaded.accounts.get(key) ?? openAccount(blankAccount(code, currency))
  })
  // Recorded time never goes back within an account.
  const recordedAt = Math.max(given.recordedAt ?? START, ...accounts.map((account) => account.recordedAt))
  const entry = { ...blankEntry(), ...given, recordedAt }
  const day = zoneOf(loaded.book.timeZone).dayOf(entry.effectiveAt)
  const postings = lines.map(({ code, currency = 'USD', amount }): Posting => {
    const key = accountKey(code, currency)
    const before = after.get(key) ?? loaded.accounts.get(key) ?? openAccount(blankAccount(code, currency))
    const account: Account = {
      ...before,
      debitsPosted: before.debitsPosted + (amount > 0n ? amount : 0n),
      creditsPosted: before.creditsPosted - (amount > 0n ? 0n : amount),
      version: before.version + 1,
      revision: before.revision + 1,
      day: Math.max(before.day ?? day, day),
      latestEffectiveAt: Math.max(before.latestEffectiveAt ?? entry.effectiveAt, entry.effectiveAt),
      recordedAt,
    }
    after.set(key, account)
    const balance = account.debitsPosted - account.creditsPosted
    return { code, currency, amount, version: account.version, balance }
  })
  return { ...entry, postings }
}

function blankAccount(code: string, currency: string) {
  return { code, currency, type: 'asset', floor: null, ceiling: null, openedAt: START } as const
}

function blankEntry(): Omit<Entry, 'postings'> {
  return {
    id: newId(),
    kind: 'journal',
    description: '',
    metadata: {},
    reference: null,
    effectiveAt: START,
    recordedAt: START,
    occurredAt: null,
    actor: null,
    reverses: null,
    reason: null,
    escrow: null,
    release: null,
    gateway: null,
    payment: null,
    party: null,
    instruction: null,
  }
}
