import {
  type Column,
  type ColumnType,
  columnName,
  type Dialect,
  decodeCommon,
  encodeCommon,
  entries,
  indexName,
  journalTablesById,
  type Table,
} from '@escrow-ledger/sql'
import { list, quoted, types } from './column-sql.js'
import { bytesOfDigest, digestOfBytes } from './digests.js'
import { writeOnlyKnex } from './knex.js'
import { asFarAsNeeded, equals } from './query.js'
import { rules } from './rules.js'
import { SCHEMA } from './schema-name.js'

/** Wide columns with an alignment come first, so that no row carries padding between its columns. */
const alignments: Record<ColumnType, number> = {
  integer: 0,
  amount: 0,
  count: 1,
  boolean: 2,
  id: 3,
  digest: 3,
  text: 4,
  texts: 4,
  json: 4,
}

/** Tables whose rows change leave room in each page, so that a new version of a row needs no new index entries. */
const fillFactors: Readonly<Record<string, number>> = { ledger_accounts: 50, ledger_books: 50 }

const knex = writeOnlyKnex()

export const postgresDialect: Dialect = {
  knex,
  journalTables: journalTablesById,
  entryKey: 'id',
  entriesByKey: (book, keys) =>
    knex.from(
      knex.raw(
        `? AS posting CROSS JOIN LATERAL (SELECT * FROM ${SCHEMA}.${entries.name} AS entry
        WHERE entry.book = ? AND ${equals('entry.id', 'posting.entry')} ORDER BY entry.id LIMIT 1) AS entry`,
        [keys.distinct(), book],
      ),
    ),
  entriesInOrder: (query, order) =>
    knex.from(knex.raw(`(? ORDER BY ${order} ${asFarAsNeeded}) AS entry`, [query.select('entry.*')])),
  nameOf: ({ name }) => `{schema}.${name}`,
  createTable: (table) => [createTable(table), ...createIndexes(table)],
  rules: () => rules,
  endsWith: 'right(??, length(?::text)) = ?',
  hasName: '(??::json -> ?::text) IS NOT NULL',
  hasNameAndValue: '(??::json ->> ?::text) = ?',
  exactSum: (column) => ({ select: [`sum(${quoted(column)})`], read: ([sum]) => BigInt(sum as string) }),
  encode(column, value) {
    if (value === null || value === undefined) return null
    return column.type === 'digest' ? digestOfBytes(value as Uint8Array) : encodeCommon(column, value)
  },
  // Every value arrives as the text that the server sent.
  decode(column, value) {
    if (value === null) return null
    if (column.type === 'boolean') return value === 't'
    return column.type === 'digest' ? bytesOfDigest(value as string) : decodeCommon(column, value)
  },
}

function createTable(table: Table): string {
  const lines = inAlignment(table.columns).map(([name, column]) => columnLine(name, column))
  lines.push(`PRIMARY KEY (${list(table.primaryKey)})`)
  for (const columns of table.unique ?? []) {
    lines.push(`CONSTRAINT ${indexName(table, columns)} UNIQUE (${list(columns)})`)
  }
  for (const [name, check] of Object.entries(table.checks ?? {})) {
    lines.push(`CONSTRAINT ${table.name}_${name} CHECK (${check})`)
  }
  const fillFactor = fillFactors[table.name]
  const options = fillFactor === undefined ? '' : ` WITH (fillfactor = ${fillFactor})`
  return `CREATE TABLE ${SCHEMA}.${table.name} (\n  ${lines.join(',\n  ')}\n)${options}`
}

function inAlignment(columns: Table['columns']): [string, Column][] {
  return Object.entries(columns).sort(([, left], [, right]) => alignments[left.type] - alignments[right.type])
}

function columnLine(name: string, column: Column): string {
  return `${quoted(name)} ${types[column.type]}${column.nullable ? '' : ' NOT NULL'}`
}

function createIndexes(table: Table): string[] {
  return (table.indexes ?? []).map(({ columns, present }) => {
    const where = present === undefined ? '' : ` WHERE ${quoted(present)} IS NOT NULL`
    return `CREATE INDEX ${indexName(table, columns)} ON ${SCHEMA}.${table.name} (${list(columns)})${where}`
  })
}

/** The columns of fields, in the order of the fields. */
export function columnList(columns: Readonly<Record<string, Column>>): string {
  return list(Object.keys(columns).map(columnName))
}
