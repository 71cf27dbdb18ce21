import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { readerOf } from './read-options.js'

/** One page of a list, and where the next one starts: null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

/**
 * A list: iterate over all of it, or take it page by page. A cursor stays good for ever, since it names the last item
 * rather than a place; what is written meanwhile appears where its order puts it.
 */
export interface Listing<Item> extends AsyncIterable<Item> {
  /** `limit` is 1 to 1,000, 100 unless given. Throws `invalid_input`, and `invalid_cursor` for a cursor that no page gave. */
  page(options?: { readonly limit?: number | undefined; readonly after?: string | undefined }): Promise<Page<Item>>
}

type CursorValue = string | number | null

/**
 * What a part of a cursor may be. Cursors travel through clients, so that one may hold anything when it comes back; what a
 * database would choke on is refused before it is asked.
 */
export const cursorParts = {
  /** A text without NUL, which PostgreSQL has no place for. */
  text: z
    .string()
    .max(2_000)
    .regex(/^[^\0]*$/),
  integer: z.int(),
  /** Minor units, as a text of digits. */
  minor: z.string().regex(/^-?\d{1,60}$/),
}

interface Source<Row, Item> {
  /** Rows after a cursor, in order. */
  readonly fetch: (after: readonly CursorValue[] | null, limit: number) => Promise<readonly Row[]>
  readonly cursorOf: (row: Row) => readonly CursorValue[]
  /** The form of what `cursorOf` gives. */
  readonly cursor: z.ZodType<readonly CursorValue[]>
  /** Null leaves the row out. */
  readonly view: (row: Row) => Item | null
}

const readPage = readerOf({ limit: z.int().min(1).max(1_000).optional(), after: z.string().optional() })
const ITERATION_LIMIT = 500

export function createListing<Row, Item>(source: Source<Row, Item>): Listing<Item> {
  return {
    async page(options) {
      const { limit: most = 100, after } = readPage(options)
      const items: Item[] = []
      let cursor = after === undefined ? null : readCursor(after, source.cursor)
      for (;;) {
        const rows = await source.fetch(cursor, most - items.length)
        for (const row of rows) {
          const item = source.view(row)
          if (item !== null) items.push(item)
        }
        const last = rows.at(-1)
        if (!last) return { items, next: null }
        cursor = source.cursorOf(last)
        if (items.length >= most) return { items, next: writeCursor(cursor) }
      }
    },
    async *[Symbol.asyncIterator]() {
      let cursor: readonly CursorValue[] | null = null
      for (;;) {
        const rows: readonly Row[] = await source.fetch(cursor, ITERATION_LIMIT)
        for (const row of rows) {
          const item = source.view(row)
          if (item !== null) yield item
        }
        const last = rows.at(-1)
        if (!last) return
        cursor = source.cursorOf(last)
      }
    },
  }
}

function writeCursor(values: readonly CursorValue[]): string {
  return encodeURIComponent(JSON.stringify(values))
}

function readCursor(cursor: string, form: z.ZodType<readonly CursorValue[]>): readonly CursorValue[] {
  try {
    const values = form.safeParse(JSON.parse(decodeURIComponent(cursor)))
    if (values.success) return values.data
  } catch {
    // Falls through to the refusal.
  }
  throw ledgerError('invalid_cursor', 'That cursor was not given by this list. Start again without one.')
}
