import type { SqlValue } from '@escrow-ledger/sql'

/** An array in PostgreSQL's own notation, which costs less than handing the driver a value at a time. */
export function arrayOf(values: Iterable<SqlValue>): string {
  return `{${Array.from(values, elementOf).join(',')}}`
}

/** One array a column, in the order of the columns. */
export function arraysOf(rows: Iterable<readonly SqlValue[]>, columns: number): string[] {
  const elements = Array.from({ length: columns }, (): Element[] => [])
  for (const row of rows) {
    for (let index = 0; index < columns; index++) elements[index]?.push(elementOf(row[index] as SqlValue))
  }
  return elements.map((column) => `{${column.join(',')}}`)
}

/** What `join` writes as it should stand. */
type Element = string | number | bigint | boolean

const special = /["\\]/g

function elementOf(value: SqlValue): Element {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return value as Element
  return `"${value.includes('"') || value.includes('\\') ? value.replace(special, '\\$&') : value}"`
}
