import { entryPageQuery, type Versions } from '@escrow-ledger/sql'
import type { Entry, EntryPage } from 'escrow-ledger'
import { sqliteDialect } from './dialect.js'
import { entrySelection, loadEntry, withPostings } from './entries.js'
import { rowsOf } from './query.js'
import type { Statements } from './statements.js'
import { lastVersion, type Place, placesOf, recordedAt, timeOf } from './versions.js'

export function readEntries(statements: Statements, book: number, ids: readonly string[]): Entry[] {
  return ids.flatMap((id) => loadEntry(statements, book, id) ?? [])
}

export function readEntryPage(statements: Statements, book: number, page: EntryPage): Entry[] {
  if (page.account === undefined) return matching(statements, book, { page })
  const places = placesOf(statements, book, page.account, page.currency)
  const found = places.flatMap((place) => entriesOfAccount(statements, place, page))
  // An entry that has postings in the account in two currencies is found twice.
  const unique = new Map(found.map((entry) => [entry.id, entry]))
  return [...unique.values()].sort(byRecording).slice(0, page.limit)
}

function byRecording(left: Entry, right: Entry): number {
  return left.recordedAt - right.recordedAt || (left.id < right.id ? -1 : 1)
}

function matching(statements: Statements, book: number, given: { page: EntryPage; versions?: Versions }): Entry[] {
  const selection = sqliteDialect.knex.raw(`${entrySelection}, entry.seq`)
  const query = entryPageQuery(sqliteDialect, { book, ...given }).select(selection)
  return rowsOf(statements, query).map((row) => withPostings(statements, book, row))
}

const LARGEST_STRETCH = 16_384

/**
 * Recorded time never goes back from one version of an account to the next, so its entries are looked through in
 * stretches of versions, from where the page begins; each ends where a recorded time ends, and is sorted by itself.
 */
function entriesOfAccount(statements: Statements, place: Place, page: EntryPage): Entry[] {
  const { after, limit, recordedFrom = 0, recordedThrough = Number.MAX_SAFE_INTEGER } = page
  const from = Math.max(after?.recordedAt ?? 0, recordedFrom)
  let first = lastVersion(statements, place, { time: recordedAt, atMost: from - 1 }) + 1
  const end = lastVersion(statements, place, { time: recordedAt, atMost: recordedThrough })
  let length = limit
  const found: Entry[] = []
  while (first <= end && found.length < limit) {
    const atMost = timeOf(statements, place, { time: recordedAt, version: Math.min(first + length - 1, end) })
    const last = lastVersion(statements, place, { time: recordedAt, atMost })
    const versions = { account: place.account, first, last }
    found.push(...matching(statements, place.book, { page: { ...page, limit: limit - found.length }, versions }))
    first = last + 1
    length = Math.min(length * 2, LARGEST_STRETCH)
  }
  return found
}
