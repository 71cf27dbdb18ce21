import type { SqlValue } from '@escrow-ledger/sql'
import type { Statements } from './statements.js'

/** Rows of a statement that inserts several: what it costs to carry out a statement at all is shared by so many. */
const ROWS = 16

/** Inserts into a table, a row at a time or `ROWS` of them. */
export interface Insertion {
  /** How many values make a row. */
  readonly width: number
  readonly one: string
  readonly several: string
}

/** FAIL, as the rules have it: a row that is refused ends the unit of work, which takes all of it back. */
export function insertionInto(table: string, columns: readonly string[]): Insertion {
  const row = `(${columns.map(() => '?').join(', ')})`
  const insertOf = (rows: number) =>
    `INSERT OR FAIL INTO ${table} (${columns.join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}`
  return { width: columns.length, one: insertOf(1), several: insertOf(ROWS) }
}

/** Inserts rows in their order, given as the values of one after the other. */
export function insertRows(statements: Statements, insertion: Insertion, values: readonly SqlValue[]): void {
  const { width, one, several } = insertion
  let at = 0
  const insert = (sql: string, length: number) => {
    const writer = statements.write(sql)
    for (; at + length <= values.length; at += length) writer.run(...values.slice(at, at + length))
  }
  insert(several, ROWS * width)
  insert(one, width)
}
