/** Rows in order, a page at a time. */
export interface Cursor<Row> {
  /** Uses the next rows for as long as they belong, and stops before the first that does not. */
  takeWhile(belongs: (row: Row) => boolean, use: (row: Row) => void): Promise<void>
}

/** A cursor over pages that `fetch` gives, each after a row (null: from where the cursor starts). */
export function createCursor<Row>(fetch: (after: Row | null) => Promise<readonly Row[]>): Cursor<Row> {
  let rows: readonly Row[] = []
  let next = 0
  let ended = false

  async function refill(): Promise<boolean> {
    if (ended) return false
    rows = await fetch(rows.at(-1) ?? null)
    next = 0
    ended = rows.length === 0
    return !ended
  }

  return {
    async takeWhile(belongs, use) {
      do {
        for (; next < rows.length; next++) {
          const row = rows[next] as Row
          if (!belongs(row)) return
          use(row)
        }
      } while (await refill())
    },
  }
}
