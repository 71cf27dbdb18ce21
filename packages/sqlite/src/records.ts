import { columnName, fieldsOf, type RecordTable, recordTables, rowReader, type SqlValue } from '@escrow-ledger/sql'
import { invariant, type RecordChange, type RecordKindName, type Versioned } from 'escrow-ledger'
import { quoted, sqliteDialect } from './dialect.js'
import type { Row, Statements } from './statements.js'

/** The statements of one kind of record, made of its declaration. */
interface RecordStatements {
  readonly table: RecordTable
  readonly selection: string
  readonly read: (row: Row) => Versioned
  readonly byKey: string
  readonly revisionByKey: string
  readonly insert: string
}

function statementsOf(table: RecordTable): RecordStatements {
  const { name } = table.table
  const columns = table.fields.map((field) => quoted(columnName(field)))
  const selection = columns.join(', ')
  const where = `WHERE book = ? AND ${quoted(table.keyColumn)} = ?`
  const ownKey = table.columns[table.keyColumn] === undefined ? [quoted(table.keyColumn)] : []
  const inserted = ['book', ...ownKey, ...columns]
  return {
    table,
    selection,
    read: rowReader(table.columns, sqliteDialect) as (row: Row) => unknown as (row: Row) => Versioned,
    byKey: `SELECT ${selection} FROM ${name} ${where}`,
    revisionByKey: `SELECT revision FROM ${name} ${where}`,
    insert: `INSERT INTO ${name} (${inserted.join(', ')}) VALUES (${inserted.map(() => '?').join(', ')})`,
  }
}

/** The statements of each kind. */
export const recordStatements = Object.fromEntries(
  Object.entries(recordTables).map(([kind, table]) => [kind, statementsOf(table)]),
) as Readonly<Record<RecordKindName, RecordStatements>>

export function loadRecord(
  statements: Statements,
  { book, kind, key }: { book: number; kind: RecordKindName; key: string },
): Versioned | null {
  const { byKey, read } = recordStatements[kind]
  const row = statements.read(byKey).get(book, key)
  return row ? read(row) : null
}

export function writeRecord(statements: Statements, book: number, change: RecordChange): void {
  if (change.before === null) insertRecord(statements, book, change)
  else updateRecord(statements, book, { ...change, before: change.before })
}

function insertRecord(statements: Statements, book: number, { kind, key, after }: RecordChange): void {
  const { table, insert } = recordStatements[kind]
  const ownKey = table.columns[table.keyColumn] === undefined ? [key] : []
  statements.write(insert).run(book, ...ownKey, ...table.fields.map((field) => encoded(table, field, after)))
}

/** Writes the fields that changed, so that what stays (an escrow's terms) is not encoded again and indexes rest. */
function updateRecord(
  statements: Statements,
  book: number,
  { kind, key, before, after }: RecordChange & { before: Versioned },
): void {
  const { table } = recordStatements[kind]
  const was = fieldsOf(before)
  const is = fieldsOf(after)
  const changed = table.fields.filter((field) => was[field] !== is[field])
  if (changed.length === 0) return
  const set = changed.map((field) => `${quoted(columnName(field))} = ?`).join(', ')
  const sql = `UPDATE ${table.table.name} SET ${set} WHERE book = ? AND ${quoted(table.keyColumn)} = ?`
  const { changes } = statements.write(sql).run(...changed.map((field) => encoded(table, field, after)), book, key)
  invariant(changes === 1, `${kind} ${key}, which is changed, exists`)
}

function encoded(table: RecordTable, field: string, record: Versioned): SqlValue {
  const column = table.columns[field]
  invariant(column, `${field} has a column`)
  return sqliteDialect.encode(column, fieldsOf(record)[field])
}
