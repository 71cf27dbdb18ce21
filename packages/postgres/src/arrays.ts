import type { SqlValue } from '@escrow-ledger/sql'

/** An array in PostgreSQL's own notation, which costs less than handing the driver a value at a time. */
export function arrayOf(values: Iterable<SqlValue>): string {
  return `{${Array.from(values, elementOf).join(',')}}`
}

/** How a column's values are read from what the rows are made of. */
export type ValueOf<Item> = (item: Item) => SqlValue

/**
 * A column of many rows. Nulls at its end are left out, since `unnest` of several arrays fills the shorter ones up with
 * them: so a column that nothing uses costs nothing. Only texts have to be quoted.
 */
export function columnOf<Item>(items: readonly Item[], read: ValueOf<Item>, { isText }: { isText: boolean }): string {
  const elements: Element[] = []
  for (let nth = 0; nth < items.length; nth++) {
    const value = read(items[nth] as Item)
    if (value === null) continue
    while (elements.length < nth) elements.push('NULL')
    elements.push(isText ? elementOf(value) : (value as Element))
  }
  return `{${elements.join(',')}}`
}

/** What `join` writes as it should stand. */
type Element = string | number | bigint | boolean

const special = /["\\]/g

function elementOf(value: SqlValue): Element {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return value as Element
  return `"${value.includes('"') || value.includes('\\') ? value.replace(special, '\\$&') : value}"`
}
