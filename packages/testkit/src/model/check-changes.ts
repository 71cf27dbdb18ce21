import {
  type Account,
  accountKey,
  type ChangeSet,
  type Entry,
  isDebitNormal,
  type LedgerError,
  ledgerError,
} from 'escrow-ledger'
import { type BookState, postingsOf } from './book-state.js'

/**
 * Refuses what a database refuses by its keys, checks and triggers. A change says what it found before; it must be what
 * is there, since whoever writes holds the locks.
 */
export function checkChanges(state: BookState, changes: ChangeSet): void {
  checkAccounts(state, changes)
  checkEntries(state, changes)
  checkRecords(state, changes)
  checkEvents(state, changes)
  checkKeys(state, changes)
}

function refuse(what: string): LedgerError {
  return ledgerError('storage_refused', `The model refused what was written: ${what}.`)
}

function checkAccounts(state: BookState, { accounts }: ChangeSet): void {
  for (const { key, before, after } of accounts) {
    if (key !== accountKey(after.code, after.currency)) throw refuse(`${key} is not the key of its account`)
    if (state.accounts.get(key)?.revision !== before?.revision) throw refuse(`account ${key} is not what it was`)
    if (
      [after.debitsPosted, after.creditsPosted, after.debitsPending, after.creditsPending].some((total) => total < 0n)
    ) {
      throw refuse(`a total of account ${key} is negative`)
    }
    if (!withinLimits(after)) throw refuse(`account ${key} is outside its limits`)
  }
}

/** Limits are on the posted balance in the account's own direction, with what is pending on the side that is worse. */
function withinLimits(account: Account): boolean {
  const { floor, ceiling, debitsPosted, creditsPosted, debitsPending, creditsPending } = account
  const debitNormal = isDebitNormal(account.type)
  const balance = debitNormal ? debitsPosted - creditsPosted : creditsPosted - debitsPosted
  const leaving = debitNormal ? creditsPending : debitsPending
  const coming = debitNormal ? debitsPending : creditsPending
  return (floor === null || balance - leaving >= floor) && (ceiling === null || balance + coming <= ceiling)
}

function checkEntries(state: BookState, { accounts, entries }: ChangeSet): void {
  const known = new Set([...state.accounts.keys(), ...accounts.map(({ key }) => key)])
  const ids = new Set(state.entries.keys())
  const versions = new Set<string>()
  for (const entry of entries) {
    if (ids.has(entry.id)) throw refuse(`entry ${entry.id} exists`)
    ids.add(entry.id)
    checkBalanced(entry)
    for (const { key, row } of postingsOf(entry)) {
      const { version } = row.posting
      const there = (state.postings.get(key) ?? []).some(({ posting }) => posting.version === version)
      if (there || versions.has(`${version} ${key}`)) throw refuse(`account ${key} has a posting of version ${version}`)
      if (!known.has(key)) throw refuse(`there is no account ${key}`)
      versions.add(`${version} ${key}`)
    }
  }
}

function checkBalanced({ id, postings }: Entry): void {
  if (postings.length < 2) throw refuse(`entry ${id} has fewer than two postings`)
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of postings) {
    if (amount === 0n) throw refuse(`entry ${id} has a posting of zero`)
    sums.set(currency, (sums.get(currency) ?? 0n) + amount)
  }
  if ([...sums.values()].some((sum) => sum !== 0n)) throw refuse(`entry ${id} is unbalanced`)
}

function checkRecords(state: BookState, { records }: ChangeSet): void {
  for (const { kind, key, before } of records) {
    const there = state.records.get(kind)?.get(key)
    if (there?.revision !== before?.revision) throw refuse(`${kind} ${key} is not what it was`)
  }
}

function checkEvents(state: BookState, { events }: ChangeSet): void {
  const all = events.flatMap(({ escrow }) => state.events.get(escrow) ?? [])
  const taken = new Set(all.map(({ escrow, sequence }) => `${sequence} ${escrow}`))
  for (const { escrow, sequence } of events) {
    if (taken.has(`${sequence} ${escrow}`)) throw refuse(`escrow ${escrow} has an event ${sequence}`)
    taken.add(`${sequence} ${escrow}`)
  }
}

function checkKeys(state: BookState, { keys, entries }: ChangeSet): void {
  const taken = new Set(state.keys.keys())
  for (const { key, entry, result } of keys) {
    if (taken.has(key)) throw refuse(`idempotency key ${key} exists`)
    taken.add(key)
    if ((entry === null) === (result === null)) throw refuse(`idempotency key ${key} needs an entry or a result`)
    const there = entry === null || state.entries.has(entry) || entries.some(({ id }) => id === entry)
    if (!there) throw refuse(`there is no entry ${entry}`)
  }
}
