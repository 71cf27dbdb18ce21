import { matchingEntries, type Versions } from '@escrow-ledger/sql'
import type { Entry, EntryPage } from 'escrow-ledger'
import { postgresDialect } from './dialect.js'
import { wholeEntryOf, wholeEntrySelection } from './entry-rows.js'
import { rowsOf } from './query.js'
import type { Statements } from './statements.js'
import { lastRecordedWith, recordedBetween, type Stretch } from './versions.js'

export async function readEntryPage(statements: Statements, book: string, page: EntryPage): Promise<Entry[]> {
  const { account: code, currency, after, recordedFrom = 0, recordedThrough: through = Number.MAX_SAFE_INTEGER } = page
  if (code === undefined) return matching(statements, book, { page })
  const from = Math.max(after?.recordedAt ?? 0, recordedFrom)
  // An entry that has postings in the account in two currencies is found twice.
  const found = new Map<string, Entry>()
  for (const stretch of await recordedBetween(statements, book, { code, currency, from, through })) {
    for (const entry of await entriesOfAccount(statements, book, { stretch, page })) found.set(entry.id, entry)
  }
  return [...found.values()].sort(byRecording).slice(0, page.limit)
}

function byRecording(left: Entry, right: Entry): number {
  return left.recordedAt - right.recordedAt || (left.id < right.id ? -1 : 1)
}

async function matching(
  statements: Statements,
  book: string,
  given: { page: EntryPage; versions?: Versions },
): Promise<Entry[]> {
  const { knex } = postgresDialect
  const { limit } = given.page
  const { query, recordedAt } = matchingEntries(postgresDialect, { book, ...given })
  // The index has the order of recording; only entries of one millisecond are sorted by their ids.
  const first = `(? ORDER BY ${recordedAt} FETCH FIRST ? ROWS WITH TIES) AS entry`
  const page = knex.from(knex.raw(first, [query.select('entry.*'), limit])).select(knex.raw(wholeEntrySelection))
  return (await rowsOf(statements, page.orderByRaw('entry.recorded_at, entry.id').limit(limit))).map(wholeEntryOf)
}

const LARGEST_PART = 16_384

/**
 * Recorded time never goes back from one version of an account to the next, so its entries are looked through in parts
 * of the stretch that the page lies in; each ends where a recorded time ends, and is sorted by itself.
 */
async function entriesOfAccount(
  statements: Statements,
  book: string,
  { stretch, page }: { stretch: Stretch; page: EntryPage },
): Promise<Entry[]> {
  let { first } = stretch
  let length = page.limit
  const found: Entry[] = []
  while (first <= stretch.last && found.length < page.limit) {
    const version = first + length - 1
    const last = version < stretch.last ? await lastRecordedWith(statements, book, { stretch, version }) : stretch.last
    const versions = { account: stretch.account, first, last }
    found.push(...(await matching(statements, book, { page: { ...page, limit: page.limit - found.length }, versions })))
    first = last + 1
    length = Math.min(length * 2, LARGEST_PART)
  }
  return found
}
