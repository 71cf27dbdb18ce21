import { type AuditRecord, type FieldValue, invariant, type RecordQuery, type Versioned } from 'escrow-ledger'
import type { Knex } from 'knex'
import { type Column, columnName, text } from './columns.js'
import type { BookNumber, Dialect } from './dialect.js'
import { type RecordTable, recordTables } from './record-tables.js'

type Conditions = Pick<RecordQuery, 'kind' | 'where' | 'atMost'>

/** Records of a kind by the fields asked for and then their key, before their columns are chosen. Nulls come first. */
export function recordPageQuery(
  dialect: Dialect,
  { book, query }: { book: BookNumber; query: RecordQuery },
): Knex.QueryBuilder {
  const table = recordTables[query.kind]
  const built = matching(dialect, { book, table, conditions: query })
  const order = orderOf(table, query)
  if (query.after !== null) afterRow(built, dialect, { order, after: query.after })
  for (const { name, column } of order) built.orderByRaw(column.nullable ? '?? nulls first' : '??', [name])
  return built.limit(query.limit)
}

/** Reads a row that starts with the record's key. What cannot be read says why. */
export function auditRecordOf<Value>(
  [key, ...row]: readonly Value[],
  read: (row: readonly Value[]) => Versioned,
): AuditRecord {
  try {
    return { key: key as string, record: read(row), problem: null }
  } catch (error) {
    return { key: key as string, record: null, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Per currency, in their order: the currency, how many records, and what `exactSum` selects. */
export function recordSumQuery(
  dialect: Dialect,
  { book, query, field }: { book: BookNumber; query: Conditions; field: string },
): Knex.QueryBuilder {
  const table = recordTables[query.kind]
  const { name, column } = columnOf(table, field)
  invariant(column.type === 'amount', `${field} of ${query.kind} is an amount`)
  const sums = dialect.exactSum(name).select.map((sum) => dialect.knex.raw(sum))
  return matching(dialect, { book, table, conditions: query })
    .select('currency', dialect.knex.raw('count(*)'), ...sums)
    .groupBy('currency')
    .orderBy('currency')
}

function matching(
  dialect: Dialect,
  { book, table, conditions }: { book: BookNumber; table: RecordTable; conditions: Conditions },
): Knex.QueryBuilder {
  const query = dialect.knex(dialect.nameOf(table.table)).where('book', book)
  for (const [field, wanted] of Object.entries(conditions.where ?? {})) {
    const values: readonly FieldValue[] = Array.isArray(wanted) ? wanted : [wanted as FieldValue]
    const { name, column } = columnOf(table, field)
    const given = values.filter((value) => value !== null).map((value) => encoded(dialect, column, value))
    query.where((either) => {
      if (given.length === 1) either.where(name, given[0] as Knex.Value)
      else either.whereIn(name, given)
      if (given.length < values.length) either.orWhereNull(name)
    })
  }
  if (conditions.atMost) {
    const { name } = columnOf(table, conditions.atMost.field)
    query.whereNotNull(name).where(name, '<=', conditions.atMost.value)
  }
  return query
}

interface OrderColumn {
  readonly name: string
  readonly column: Column
}

function orderOf(table: RecordTable, { order, atMost }: RecordQuery): OrderColumn[] {
  const columns = order.map((field) => {
    const { name, column } = columnOf(table, field)
    // What is compared with a bound is not null.
    return field === atMost?.field ? { name, column: { ...column, nullable: false } } : { name, column }
  })
  return [...columns, { name: table.keyColumn, column: text }]
}

/** Only rows that come after one, given by the values of what they are ordered by. */
function afterRow(
  query: Knex.QueryBuilder,
  dialect: Dialect,
  { order, after }: { order: readonly OrderColumn[]; after: readonly FieldValue[] },
): void {
  invariant(after.length === order.length, 'a page goes on after the values of its order and the key')
  const values = order.map(({ column }, index) => encoded(dialect, column, after[index] ?? null))
  if (order.every(({ column }) => !column.nullable)) {
    const names = order.map(() => '??').join(', ')
    const marks = order.map(() => '?').join(', ')
    query.whereRaw(`(${names}) > (${marks})`, [...order.map(({ name }) => name), ...values])
    return
  }
  query.where((any) => {
    for (const [index, { name }] of order.entries()) {
      any.orWhere((all) => {
        for (let before = 0; before < index; before++) whereEqual(all, order[before]?.name as string, values[before])
        if (values[index] === null) all.whereNotNull(name)
        else all.where(name, '>', values[index] as Knex.Value)
      })
    }
  })
}

function whereEqual(query: Knex.QueryBuilder, name: string, value: Knex.Value | undefined): void {
  if (value === null || value === undefined) query.whereNull(name)
  else query.where(name, value)
}

function columnOf(table: RecordTable, field: string): OrderColumn {
  const column = table.columns[field]
  invariant(column, `${field} is a field of ${table.table.name}`)
  return { name: columnName(field), column }
}

function encoded(dialect: Dialect, column: Column, value: FieldValue): Knex.Value {
  return dialect.encode(column, value) as Knex.Value
}
