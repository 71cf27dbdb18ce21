import {
  type Column,
  type ColumnType,
  columnName,
  type Dialect,
  decodeCommon,
  encodeCommon,
  entries,
  indexName,
  numberedJournalTables,
  type SqlValue,
  type Table,
} from '@escrow-ledger/sql'
import { invariant } from 'escrow-ledger'
import { bytesOfId, idOfBytes } from './ids.js'
import { writeOnlyKnex } from './knex.js'
import { rules } from './rules.js'

const types: Record<ColumnType, string> = {
  text: 'TEXT',
  integer: 'INTEGER',
  count: 'INTEGER',
  amount: 'INTEGER',
  boolean: 'INTEGER',
  texts: 'TEXT',
  json: 'TEXT',
  id: 'BLOB',
  digest: 'BLOB',
}

const knex = writeOnlyKnex()

export const sqliteDialect: Dialect = {
  knex,
  journalTables: numberedJournalTables,
  entryKey: 'seq',
  entriesByKey: (book, keys) =>
    knex(`${entries.name} as entry`).whereRaw('+entry.book = ?', [book]).whereIn('entry.seq', keys),
  entriesInOrder: (query) => query,
  nameOf: ({ name }) => name,
  createTable: (table) => [createTable(table), ...createIndexes(table)],
  rules: () => rules,
  endsWith: 'substr(??, -length(?)) = ?',
  hasName: 'EXISTS (SELECT 1 FROM json_each(??) AS pair WHERE pair.key = ?)',
  hasNameAndValue: 'EXISTS (SELECT 1 FROM json_each(??) AS pair WHERE pair.key = ? AND pair.value = ?)',
  exactSum: (column) => ({
    // SQLite's sum fails beyond 64 bits, so the halves are added up apart.
    select: [`sum(${quoted(column)} >> 32)`, `sum(${quoted(column)} & 4294967295)`],
    read: ([high, low]) => ((high as bigint) << 32n) + (low as bigint),
  }),
  encode(column, value) {
    if (value === null || value === undefined) return null
    if (column.type === 'boolean') return value ? 1 : 0
    if (column.type !== 'id') return encodeCommon(column, value)
    const bytes = bytesOfId(value as string)
    invariant(bytes, 'the ids that the library makes are UUIDs')
    return bytes
  },
  decode(column, value: SqlValue) {
    if (value === null) return null
    if (column.type === 'boolean') return Number(value) === 1
    return column.type === 'id' ? idOfBytes(value as Uint8Array) : decodeCommon(column, value)
  },
}

function createTable(table: Table): string {
  const rowid = table.primaryKey.length === 1 ? table.primaryKey[0] : undefined
  const lines = Object.entries(table.columns).map(([name, column]) =>
    name === rowid ? `${quoted(name)} INTEGER PRIMARY KEY` : columnLine(name, column),
  )
  if (rowid === undefined) lines.push(`PRIMARY KEY (${list(table.primaryKey)})`)
  for (const columns of table.unique ?? []) lines.push(`UNIQUE (${list(columns)})`)
  for (const [name, check] of Object.entries(table.checks ?? {})) {
    lines.push(`CONSTRAINT ${table.name}_${name} CHECK (${check})`)
  }
  const options = table.clustered ? 'STRICT, WITHOUT ROWID' : 'STRICT'
  return `CREATE TABLE ${table.name} (\n  ${lines.join(',\n  ')}\n) ${options}`
}

function columnLine(name: string, column: Column): string {
  return `${quoted(name)} ${types[column.type]}${column.nullable ? '' : ' NOT NULL'}`
}

function createIndexes(table: Table): string[] {
  return (table.indexes ?? []).map(({ columns, present }) => {
    const where = present === undefined ? '' : ` WHERE ${quoted(present)} IS NOT NULL`
    return `CREATE INDEX ${indexName(table, columns)} ON ${table.name} (${list(columns)})${where}`
  })
}

/** The columns of fields, in the order of the fields. */
export function columnList(columns: Readonly<Record<string, Column>>): string {
  return list(Object.keys(columns).map(columnName))
}

function list(columns: readonly string[]): string {
  return columns.map(quoted).join(', ')
}

/** A column's name in quotes, since some of them are words of SQL. */
export function quoted(name: string): string {
  return `"${name}"`
}
