import type { Pool } from 'pg'

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

export interface Column {
  readonly name: string
  readonly type: string
  readonly inPrimaryKey: boolean
}

/** The ledger's tables in a schema, without what migrations keep for themselves. */
export async function tablesOf(pool: Pool, schema: string): Promise<Table[]> {
  const { rows } = await pool.query(
    `SELECT relation.relname AS table, attribute.attname AS name,
        format_type(attribute.atttypid, attribute.atttypmod) AS type,
        attribute.attnum = ANY (key.indkey::int2[]) AS "inPrimaryKey"
      FROM pg_class AS relation
      JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum > 0
      JOIN pg_index AS key ON key.indrelid = relation.oid AND key.indisprimary
      WHERE relation.relnamespace = $1::regnamespace AND relation.relkind = 'r' AND NOT attribute.attisdropped
        AND starts_with(relation.relname, 'ledger_') AND relation.relname NOT LIKE '%migrations%'
      ORDER BY relation.relname, attribute.attnum`,
    [schema],
  )
  const tables = new Map<string, Column[]>()
  for (const { table, ...column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
  return [...tables].map(([name, columns]) => ({ name, columns }))
}

/** A schema with the same tables and indexes, without any of the rules that the database enforces. */
export async function copyTables(pool: Pool, { from, to }: { from: string; to: string }): Promise<void> {
  await pool.query(`CREATE SCHEMA ${to}`)
  for (const { name } of await tablesOf(pool, from)) {
    await pool.query(`CREATE TABLE ${to}.${name} (LIKE ${from}.${name} INCLUDING INDEXES INCLUDING STORAGE)`)
    const { rows } = await pool.query('SELECT reloptions FROM pg_class WHERE oid = $1::regclass', [`${from}.${name}`])
    for (const option of rows[0].reloptions ?? []) await pool.query(`ALTER TABLE ${to}.${name} SET (${option})`)
  }
}

/** Takes the triggers and checks from a schema's tables, so that they are as a user would have them. */
export async function dropRules(pool: Pool, schema: string): Promise<void> {
  const { rows } = await pool.query(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS sql FROM pg_constraint
      WHERE connamespace = $1::regnamespace AND contype = 'c'
      UNION ALL
      SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger
      JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = $1::regnamespace AND NOT tgisinternal`,
    [schema],
  )
  for (const { sql } of rows) await pool.query(sql)
}
