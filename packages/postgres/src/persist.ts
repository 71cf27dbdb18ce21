import { accountColumns, columnName, eventColumns, type SqlValue } from '@escrow-ledger/sql'
import {
  type Account,
  type AccountChange,
  type AccountRef,
  type Assumed,
  accountRefOf,
  type ChangeSet,
  inTextOrder,
  invariant,
  type LifeEvent,
  recordKindNames,
} from 'escrow-ledger'
import { byValue, findNumbers } from './accounts.js'
import { arrayOf } from './arrays.js'
import { postgresDialect } from './dialect.js'
import { loadEntries } from './entry-rows.js'
import { dayArrays, persistParameters } from './persist-parameters.js'
import { dayValues, entryValues, keyValues, postedValues, postingValues } from './persist-values.js'
import { jsonValue, recordRows } from './records.js'
import { SCHEMA } from './schema-name.js'
import type { Unit } from './unit.js'

const call = `SELECT ${SCHEMA}.ledger_persist(${persistParameters
  .map(({ type }, index) => `$${index + 1}::${type}`)
  .join(', ')})`

/**
 * Makes ready to write a change set. What comes back writes it in one round trip, and fails with the state `STALE` when
 * something that was assumed does not hold any more; until it is called, nothing was sent that could change anything.
 */
export async function preparePersist(
  unit: Unit,
  changes: ChangeSet,
  assumed: Assumed | null,
): Promise<() => Promise<unknown>> {
  await placeAccounts(unit, changes.accounts, assumed)
  await checkRepeated(unit, changes)
  const values = [
    ...bookValues(unit, changes),
    ...assumedValues(unit, changes, assumed),
    ...changeValues(unit, changes, assumed),
  ]
  invariant(values.length === persistParameters.length, 'every parameter of the function has its value')
  return () => unit.statements.prepared(call, values)
}

/** A key that answers with an earlier entry is written only when that entry is there; entries never go again. */
async function checkRepeated({ statements, book }: Unit, { keys, entries }: ChangeSet): Promise<void> {
  const written = new Set(entries.map(({ id }) => id))
  const repeated = new Set(keys.flatMap(({ entry }) => (entry === null || written.has(entry) ? [] : [entry])))
  if (repeated.size === 0) return
  const found = await loadEntries(statements, book, [...repeated])
  invariant(found.length === repeated.size, 'every entry of an idempotency key exists')
}

/** Makes sure that the numbers of all accounts are known, and gives new ones theirs. */
async function placeAccounts(unit: Unit, changes: readonly AccountChange[], assumed: Assumed | null): Promise<void> {
  const { book, numbers, opened } = unit
  const refs: AccountRef[] = changes.filter(({ before }) => before !== null).map(({ after }) => after)
  const changed = new Set(changes.map(({ key }) => key))
  for (const [key, revision] of assumed?.accounts ?? []) {
    if (revision > 0 && !changed.has(key)) refs.push(accountRefOf(key))
  }
  await findNumbers(unit, refs)
  const fresh = changes.filter(({ before }) => before === null)
  const given = numbers.give(fresh.length)
  for (const [index, { after }] of fresh.entries()) {
    const number = given[index] as string
    numbers.set(book, after, number)
    opened.push({ ref: after, number })
  }
}

function bookValues({ book, bookName, lockTimeoutMs }: Unit, { book: changed }: ChangeSet): SqlValue[] {
  const own = changed
    ? [changed.timeZone, changed.closedThrough, changed.hasEntries, changed.revision]
    : [null, null, null, null]
  return [book, bookName, `${lockTimeoutMs}ms`, ...own]
}

const NOTHING_ASSUMED: readonly null[] = new Array(10).fill(null)

function assumedValues(unit: Unit, changes: ChangeSet, assumed: Assumed | null): readonly SqlValue[] {
  if (assumed === null) return NOTHING_ASSUMED
  const { book, numbers } = unit
  const found = [...assumed.accounts].filter(([, revision]) => revision > 0)
  const absent = [...assumed.accounts].filter(([, revision]) => revision === 0).map(([key]) => accountRefOf(key))
  // Accounts that are posted to are locked and compared when they are written, in one pass.
  const posted = postedChanges(changes.accounts)
  const isPosted = posted.length === found.length && posted.every(({ key }) => assumed.accounts.has(key))
  const present = (isPosted ? [] : found)
    // An account that was there and has no number now is not there: zero is no account's number.
    .map(([key, revision]) => ({ number: numbers.get(book, accountRefOf(key)) ?? '0', revision }))
    .sort((left, right) => byValue(left.number, right.number))
  return [
    assumed.book,
    ...(isPosted
      ? [null, null]
      : [arrayOf(present.map(({ number }) => number)), arrayOf(present.map(({ revision }) => revision))]),
    arrayOf(absent.map(({ code }) => code)),
    arrayOf(absent.map(({ currency }) => currency)),
    arrayOf(assumed.entries),
    ...assumedRecords(assumed),
  ]
}

function assumedRecords({ records }: Assumed): readonly SqlValue[] {
  if ([...records.values()].every(({ size }) => size === 0)) return [null, null, null, null]
  const keys: string[] = []
  const revisions: number[] = []
  const ends = recordKindNames.map((kind) => {
    const ofKind = records.get(kind) ?? new Map<string, number>()
    for (const key of inTextOrder(ofKind.keys())) {
      keys.push(key)
      const revision = ofKind.get(key) ?? 0
      if (revision > 0) revisions.push(revision)
    }
    return { keys: keys.length, revisions: revisions.length }
  })
  return [
    arrayOf(keys),
    arrayOf(ends.map((end) => end.keys)),
    arrayOf(revisions),
    arrayOf(ends.map((end) => end.revisions)),
  ]
}

function changeValues(unit: Unit, changes: ChangeSet, assumed: Assumed | null): SqlValue[] {
  const numberOf = (ref: AccountRef): string => {
    const number = unit.numbers.get(unit.book, ref)
    invariant(number, `account ${ref.code} of a posting is loaded or written with it`)
    return number
  }
  const { closes, backdates } = changes.days
  return [
    ...accountValues(changes.accounts, { numberOf, assumed }),
    ...entryValues(changes.entries),
    ...postingValues(changes, numberOf),
    ...dayValues(dayArrays.closed, closes, numberOf),
    ...dayValues(dayArrays.backdated, backdates, numberOf),
    ...recordKindNames.flatMap((kind) => {
      const { added, changed } = recordRows(kind, changes.records)
      return [added, changed]
    }),
    eventRows(changes.events),
    ...keyValues(changes.keys),
  ]
}

const accountFields = Object.keys(accountColumns) as (keyof Account)[]
const limitFields = ['floor', 'ceiling', 'debitsPending', 'creditsPending', 'frozen', 'closed'] as const

function isAltered({ before, after }: AccountChange): boolean {
  return before !== null && limitFields.some((field) => before[field] !== after[field])
}

/** Accounts of which nothing changed but what postings change. */
function postedChanges(changes: readonly AccountChange[]): AccountChange[] {
  return changes.filter((change) => change.before !== null && !isAltered(change))
}

function accountValues(
  changes: readonly AccountChange[],
  { numberOf, assumed }: { numberOf: (ref: AccountRef) => string; assumed: Assumed | null },
): SqlValue[] {
  const opened = changes.filter(({ before }) => before === null)
  const altered = changes.filter(isAltered)
  const rowOf = ({ after }: AccountChange) => ({
    account: numberOf(after),
    ...Object.fromEntries(
      accountFields.map((field) => [
        columnName(field),
        jsonValue(postgresDialect.encode(accountColumns[field], after[field])),
      ]),
    ),
  })
  return [
    opened.length === 0 ? null : JSON.stringify(opened.map(rowOf)),
    altered.length === 0 ? null : JSON.stringify(altered.map(rowOf)),
    ...postedValues(postedChanges(changes), { numberOf, assumed }),
  ]
}

const eventFields = Object.keys(eventColumns) as (keyof LifeEvent)[]

function eventRows(events: readonly LifeEvent[]): string | null {
  if (events.length === 0) return null
  return JSON.stringify(
    events.map((event) =>
      Object.fromEntries(
        eventFields.map((field) => [
          columnName(field),
          jsonValue(postgresDialect.encode(eventColumns[field], event[field])),
        ]),
      ),
    ),
  )
}
