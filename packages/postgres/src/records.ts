import { columnName, fieldsOf, type RecordTable, recordTables, rowReader, type SqlValue } from '@escrow-ledger/sql'
import { invariant, type RecordChange, type RecordKindName, type Versioned } from 'escrow-ledger'
import { arrayOf } from './arrays.js'
import { quoted } from './column-sql.js'
import { postgresDialect } from './dialect.js'
import { equals } from './query.js'
import { SCHEMA } from './schema-name.js'
import type { Row, Statements } from './statements.js'

/** The statements of one kind of record, made of its declaration. */
interface RecordStatements {
  readonly table: RecordTable
  readonly selection: string
  readonly read: (row: Row) => Versioned
  readonly byKey: string
  /** By many keys, which the rows start with; locked in the order of the keys. */
  readonly byKeys: string
  readonly byKeysLocked: string
}

function statementsOf(table: RecordTable): RecordStatements {
  const name = `${SCHEMA}.${table.table.name}`
  const columns = table.fields.map((field) => quoted(columnName(field)))
  const selection = columns.join(', ')
  const key = quoted(table.keyColumn)
  const byKeys = (
    lock: string,
  ) => `SELECT wanted.key, record.* FROM unnest($2::text[]) AS wanted(key) CROSS JOIN LATERAL (
    SELECT ${selection} FROM ${name} WHERE book = $1 AND ${key} = wanted.key LIMIT 1 ${lock}) AS record`
  return {
    table,
    selection,
    read: rowReader(table.columns, postgresDialect) as (row: Row) => unknown as (row: Row) => Versioned,
    byKey: `SELECT ${selection} FROM ${name} WHERE book = $1 AND ${equals(key, '$2')} ORDER BY ${key} LIMIT 1`,
    byKeys: byKeys(''),
    byKeysLocked: byKeys('FOR NO KEY UPDATE'),
  }
}

/** The statements of each kind. */
export const recordStatements = Object.fromEntries(
  Object.entries(recordTables).map(([kind, table]) => [kind, statementsOf(table)]),
) as Readonly<Record<RecordKindName, RecordStatements>>

export async function loadRecord(
  statements: Statements,
  { book, kind, key }: { book: string; kind: RecordKindName; key: string },
): Promise<Versioned | null> {
  const { byKey, read } = recordStatements[kind]
  const [row] = await statements.rows(byKey, [book, key])
  return row ? read(row) : null
}

/** The records of these keys; null for what is not there. */
export async function loadRecords(
  statements: Statements,
  { book, kind, keys, how }: { book: string; kind: RecordKindName; keys: readonly string[]; how: 'read' | 'lock' },
): Promise<Map<string, Versioned | null>> {
  const { byKeys, byKeysLocked, read } = recordStatements[kind]
  const found = new Map<string, Versioned | null>(keys.map((key) => [key, null]))
  const rows = await statements.rows(how === 'lock' ? byKeysLocked : byKeys, [book, arrayOf(keys)])
  for (const [key, ...row] of rows) found.set(key as string, read(row))
  return found
}

/** The rows of new and of changed records of one kind, as JSON; null where there are none. */
export function recordRows(
  kind: RecordKindName,
  changes: readonly RecordChange[],
): { added: string | null; changed: string | null } {
  const { table } = recordStatements[kind]
  const ofKind = changes.filter((change) => change.kind === kind)
  const rowsOf = (wanted: readonly RecordChange[]) =>
    wanted.length === 0 ? null : JSON.stringify(wanted.map((change) => rowOf(table, change)))
  return {
    added: rowsOf(ofKind.filter(({ before }) => before === null)),
    changed: rowsOf(ofKind.filter(({ before }) => before !== null)),
  }
}

/** Leaves out what stays as it is and cannot be null, so that an escrow's terms are not encoded and sent again. */
function rowOf(table: RecordTable, { key, before, after }: RecordChange): Record<string, SqlValue> {
  const is = fieldsOf(after)
  const was = before && fieldsOf(before)
  const row: Record<string, SqlValue> = { [table.keyColumn]: key }
  for (const field of table.fields) {
    const column = table.columns[field]
    invariant(column, `${field} has a column`)
    if (was && !column.nullable && was[field] === is[field]) continue
    row[columnName(field)] = jsonValue(postgresDialect.encode(column, is[field]))
  }
  return row
}

/** Whole numbers beyond what JSON readers hold exactly go as texts. */
export function jsonValue(value: SqlValue): SqlValue {
  return typeof value === 'bigint' ? value.toString() : value
}
