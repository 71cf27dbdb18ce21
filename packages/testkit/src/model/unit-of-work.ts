import {
  type Assumed,
  accountKey,
  type ChangeSet,
  type CommittedRecords,
  type KeyRecord,
  type Loaded,
  type LoadKeys,
  type PersistAnswer,
  type RecordKindName,
  type Step,
  type Versioned,
  type Work,
} from 'escrow-ledger'
import { applyChanges } from './apply-changes.js'
import { type BookState, emptyState } from './book-state.js'
import { checkChanges } from './check-changes.js'
import { checkChangeOrder, checkFindOrder, checkLoadOrder } from './check-order.js'

export interface Unit {
  readonly name: string
  /** Null while the book has no row. */
  state: BookState | null
}

/** Drives a unit of work to its end, on a state that only it sees, and answers its result and the state it leaves. */
export function driveUnit<Result>(
  name: string,
  state: BookState | null,
  work: Work<Result>,
): { readonly result: Result; readonly state: BookState | null } {
  const unit: Unit = { name, state }
  let next = work.next()
  // The step's answer is what the function that yielded it declares; a generator's type cannot say so.
  while (!next.done) next = work.next(answerTo(unit, next.value) as never)
  return { result: next.value, state: unit.state }
}

export function answerTo(unit: Unit, step: Step): unknown {
  const state = unit.state ?? emptyState(unit.name)
  switch (step.step) {
    case 'load':
      return loadFrom(state, step.keys)
    case 'find':
      return findIn(state, step.idempotencyKeys)
    case 'persist':
      return persistIn(unit, step)
  }
}

/** What is there now, as a load and a find of one moment would answer it. */
export function readIn(
  name: string,
  state: BookState | null,
  { keys, idempotencyKeys }: { readonly keys: LoadKeys; readonly idempotencyKeys: readonly string[] },
): CommittedRecords {
  const there = state ?? emptyState(name)
  return { loaded: loadFrom(there, keys), known: findIn(there, idempotencyKeys) }
}

function loadFrom(state: BookState, keys: LoadKeys): Loaded {
  checkLoadOrder(keys)
  const kinds = new Map<RecordKindName, Map<string, Versioned | null>>()
  const want = (kind: RecordKindName, key: string) => {
    const ofKind = kinds.get(kind) ?? new Map<string, Versioned | null>()
    kinds.set(kind, ofKind.set(key, state.records.get(kind)?.get(key) ?? null))
  }
  for (const [kind, list] of keys.records) for (const key of list) want(kind, key)
  const accounts: Loaded['accounts'] = new Map()
  for (const { code, currency } of keys.accounts) {
    const account = state.accounts.get(accountKey(code, currency)) ?? null
    accounts.set(accountKey(code, currency), account)
    if (account === null) want('restrictions', code)
  }
  for (const [key, account] of state.accounts) if (keys.codes.includes(account.code)) accounts.set(key, account)
  const entries = new Map(keys.entries.map((id) => [id, state.entries.get(id) ?? null]))
  return { book: state.book, accounts, entries, kinds }
}

function findIn(state: BookState, idempotencyKeys: readonly string[]): ReadonlyMap<string, KeyRecord> {
  checkFindOrder(idempotencyKeys)
  const found = new Map<string, KeyRecord>()
  for (const key of idempotencyKeys) {
    const record = state.keys.get(key)
    // Bytes cannot be frozen, so whoever asks gets a copy.
    if (record) found.set(key, { ...record, fingerprint: record.fingerprint.slice() })
  }
  return found
}

function persistIn(unit: Unit, { changes, assumed }: { changes: ChangeSet; assumed: Assumed | null }): PersistAnswer {
  const state = unit.state ?? emptyState(unit.name)
  if (assumed && (isStale(state, assumed) || isThere(state, changes))) return 'stale'
  checkChangeOrder(changes)
  checkChanges(state, changes)
  unit.state = applyChanges(state, changes)
  return 'persisted'
}

/** Whether a revision differs from the one that was assumed, or an entry is missing; what is not there has revision 0. */
function isStale(state: BookState, { book, accounts, records, entries }: Assumed): boolean {
  const accountsDiffer = [...accounts].some(([key, revision]) => (state.accounts.get(key)?.revision ?? 0) !== revision)
  const recordsDiffer = [...records].some(([kind, revisions]) =>
    [...revisions].some(([key, revision]) => (state.records.get(kind)?.get(key)?.revision ?? 0) !== revision),
  )
  const entryMissing = entries.some((id) => !state.entries.has(id))
  return state.book.revision !== book || accountsDiffer || recordsDiffer || entryMissing
}

/** Whether a key of the changes, or a row that they insert, is there already. */
function isThere(state: BookState, { accounts, entries, records, keys }: ChangeSet): boolean {
  return (
    keys.some(({ key }) => state.keys.has(key)) ||
    accounts.some(({ key, before }) => before === null && state.accounts.has(key)) ||
    records.some(({ kind, key, before }) => before === null && state.records.get(kind)?.has(key)) ||
    entries.some(({ id }) => state.entries.has(id))
  )
}
