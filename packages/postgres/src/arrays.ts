import type { SqlValue } from '@escrow-ledger/sql'

/** An array in PostgreSQL's own notation, which costs less than handing the driver a value at a time. */
export function arrayOf(values: Iterable<SqlValue>): string {
  let text = ''
  for (const value of values) text += `${text === '' ? '' : ','}${elementOf(value)}`
  return `{${text}}`
}

const special = /["\\]/g

function elementOf(value: SqlValue): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? `"${value.replace(special, '\\$&')}"` : String(value)
}

/** Arrays for several columns, filled row by row. */
export interface ArrayBuilder {
  add(row: readonly SqlValue[]): void
  /** One array a column, in the order of the columns. */
  arrays(): string[]
}

export function createArrayBuilder(columns: number): ArrayBuilder {
  const texts = new Array<string>(columns).fill('')
  let first = true
  return {
    add(row) {
      for (let index = 0; index < columns; index++) {
        const element = elementOf(row[index] as SqlValue)
        texts[index] = first ? element : `${texts[index]},${element}`
      }
      first = false
    },
    arrays: () => texts.map((text) => `{${text}}`),
  }
}
