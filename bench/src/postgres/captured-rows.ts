import type { Pool } from 'pg'
import type { Table } from './tables.js'

/** A row of a table as it was written, its values as texts in the order of the table's columns. */
export interface CapturedRow {
  readonly table: Table
  readonly inserted: boolean
  /** Numbers the transactions in the order in which they began to write. */
  readonly transaction: string
  readonly order: bigint
  readonly values: readonly (string | null)[]
}

/** Rows of a table, column by column, as a program holds them. */
export type Columns = readonly (readonly Value[])[]
export type Value = string | bigint | null

/**
 * Keeps what is written to tables, in the order in which it is written, until it is taken: triggers copy each row into a
 * table beside its own.
 */
export async function captureRows(
  pool: Pool,
  { schema, tables, updates }: { schema: string; tables: readonly Table[]; updates: boolean },
): Promise<void> {
  await pool.query(`CREATE SEQUENCE ${schema}.captured_order CACHE 1`)
  for (const table of tables) {
    const columns = columnList(table)
    const on = (operation: string) => `CREATE TRIGGER capture_${operation} AFTER ${operation} ON ${schema}.${table.name}
      REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.capture_${table.name}()`
    await pool.query(`CREATE UNLOGGED TABLE ${schema}.captured_${table.name} (
      captured_order bigint NOT NULL DEFAULT nextval('${schema}.captured_order'),
      captured_in xid8 NOT NULL DEFAULT pg_current_xact_id(), captured_as text NOT NULL,
      LIKE ${schema}.${table.name})`)
    await pool.query(`CREATE FUNCTION ${schema}.capture_${table.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO ${schema}.captured_${table.name} (captured_as, ${columns}) SELECT TG_OP, ${columns} FROM written;
      RETURN NULL; END $$`)
    await pool.query(on('INSERT'))
    if (updates) await pool.query(on('UPDATE'))
  }
}

const asText = { getTypeParser: () => (value: string) => value }

/** Takes what was captured, row by row, in order. */
export async function takeRows(
  pool: Pool,
  { schema, tables }: { schema: string; tables: readonly Table[] },
): Promise<CapturedRow[]> {
  const taken: CapturedRow[] = []
  for (const table of tables) {
    const { rows } = await pool.query<(string | null)[]>({
      text: `SELECT captured_order, captured_in, captured_as, ${columnList(table)} FROM ${schema}.captured_${table.name}`,
      rowMode: 'array',
      types: asText,
    })
    for (const [order, transaction, operation, ...values] of rows) {
      const inserted = operation === 'INSERT'
      taken.push({ table, inserted, transaction: transaction as string, order: BigInt(order as string), values })
    }
    await pool.query(`TRUNCATE ${schema}.captured_${table.name}`)
  }
  return taken.sort((left, right) => (left.order < right.order ? -1 : 1))
}

/** Takes what was captured of each table in so many parts, in order. */
export async function takeColumns(
  pool: Pool,
  { schema, tables, parts }: { schema: string; tables: readonly Table[]; parts: number },
): Promise<ReadonlyMap<Table, readonly Columns[]>> {
  const taken = new Map<Table, Columns[]>()
  for (const table of tables) {
    const { rows } = await pool.query<(string | null)[]>({
      text: `SELECT ntile($1) OVER (ORDER BY captured_order), ${columnList(table)} FROM ${schema}.captured_${table.name}
        ORDER BY captured_order`,
      values: [parts],
      rowMode: 'array',
      types: asText,
    })
    const inParts = new Map<string, Value[][]>()
    for (const [part, ...values] of rows) {
      const columns = inParts.get(part as string) ?? table.columns.map(() => [])
      inParts.set(part as string, columns)
      for (const [nth, { type }] of table.columns.entries()) columns[nth]?.push(read(type, values[nth] ?? null))
    }
    for (const columns of inParts.values()) columns.forEach(dropLastNulls)
    taken.set(table, [...inParts.values()])
    await pool.query(`TRUNCATE ${schema}.captured_${table.name}`)
  }
  return taken
}

function read(type: string, text: string | null): Value {
  return text !== null && (type === 'bigint' || type === 'integer') ? BigInt(text) : text
}

/** Of several arrays, `unnest` fills the shorter ones up with nulls. */
function dropLastNulls(column: Value[]): void {
  while (column.at(-1) === null) column.pop()
}

export async function countCaptured(pool: Pool, schema: string, table: string): Promise<number> {
  const { rows } = await pool.query(`SELECT count(*) AS count FROM ${schema}.captured_${table}`)
  return Number(rows[0].count)
}

function columnList({ columns }: Table): string {
  return columns.map(({ name }) => `"${name}"`).join(', ')
}
