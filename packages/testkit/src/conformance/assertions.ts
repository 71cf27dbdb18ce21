import { deepEqual, fail } from 'node:assert/strict'
import { type ErrorCode, LedgerError } from 'escrow-ledger'

export { deepEqual, equal } from 'node:assert/strict'

/** What an attempt throws; fails when it throws nothing. */
export async function thrownBy(attempt: () => Promise<unknown>): Promise<unknown> {
  let result: unknown
  try {
    result = await attempt()
  } catch (error) {
    return error
  }
  return fail(`expected a failure, and the answer was ${String(result)}`)
}

/** Asserts that an attempt fails with a typed error of one of these codes. */
export async function failsWith(codes: readonly ErrorCode[], attempt: () => Promise<unknown>): Promise<void> {
  const error = await thrownBy(attempt)
  if (!(error instanceof LedgerError)) throw error
  if (!codes.includes(error.code)) fail(`expected ${codes.join(' or ')}, and it was ${error.code}: ${error.message}`)
}

const MAX_PAGES = 10_000

/** Walks pages to their end, as lists do; asserts that none is longer than its limit. */
async function allPages<Row, Cursor>(walk: {
  readonly limit: number
  readonly fetch: (after: Cursor | null, limit: number) => Promise<readonly Row[]>
  readonly cursorOf: (row: Row) => Cursor
}): Promise<readonly Row[]> {
  const { limit, fetch, cursorOf } = walk
  const all: Row[] = []
  let after: Cursor | null = null
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const rows: readonly Row[] = await fetch(after, limit)
    if (rows.length > limit) fail(`a page of at most ${limit} rows has ${rows.length}`)
    const last = rows.at(-1)
    if (last === undefined) return all
    all.push(...rows)
    after = cursorOf(last)
  }
  return fail('the pages never end')
}

/** Asserts that a walk in small pages, and in one that holds all, gives exactly these rows. */
export async function pagesGive<Row, Cursor>(
  expected: readonly Row[],
  walk: {
    readonly fetch: (after: Cursor | null, limit: number) => Promise<readonly Row[]>
    readonly cursorOf: (row: Row) => Cursor
  },
): Promise<void> {
  // A page for every row finds the most mistakes, and takes too long for many rows.
  for (const limit of expected.length <= 12 ? [1, 3, 1000] : [7, 1000])
    deepEqual(await allPages({ ...walk, limit }), expected)
}
