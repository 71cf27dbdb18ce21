import type { Column, ColumnType } from '@escrow-ledger/sql'

/** Texts compare by their UTF-8 bytes, whatever the database's own collation. */
export const types: Record<ColumnType, string> = {
  text: 'text COLLATE "C"',
  integer: 'bigint',
  count: 'integer',
  amount: 'bigint',
  boolean: 'boolean',
  texts: 'text COLLATE "C"',
  json: 'text COLLATE "C"',
  id: 'uuid',
  digest: 'uuid',
}

export function list(columns: readonly string[]): string {
  return columns.map(quoted).join(', ')
}

/** A column's name in quotes, since some of them are words of SQL. */
export function quoted(name: string): string {
  return `"${name}"`
}

/** The type of a column as a cast names it. */
export function typeOf(column: Column): string {
  return types[column.type].replace(' COLLATE "C"', '')
}
