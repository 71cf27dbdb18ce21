import { recordTables } from '@escrow-ledger/sql'
import { ledgerError } from 'escrow-ledger'
import type { PostgresClient } from './client.js'
import { postgresDialect } from './dialect.js'
import { inSchema, SCHEMA } from './schema-name.js'

const tables = [...postgresDialect.journalTables, ...Object.values(recordTables).map(({ table }) => table)].map(
  ({ name }) => `${SCHEMA}.${name}`,
)
const [first = '', ...others] = tables

/** Tables are in it from the moment they are distributed. */
const distributed = `SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass`

function distribute(table: string, colocateWith: string): string {
  return `DO $$ BEGIN
  IF NOT EXISTS (${distributed}('${table}')) THEN
    PERFORM create_distributed_table('${table}', 'book', colocate_with => '${colocateWith}');
  END IF;
END $$`
}

/**
 * The rules of a shard look at rows of the same book alone, and those lie on the same node; that is what makes triggers
 * safe that Citus calls unsafe. Shards are made one after the other, since the tables are made in transactions too.
 */
const settings = [
  'SET LOCAL citus.enable_unsafe_triggers = on',
  `SET LOCAL citus.multi_shard_modify_mode = 'sequential'`,
]

/** Distributes every table by its book, each book's rows of all tables together; what is distributed already stays. */
export const distribution: readonly string[] = [
  ...settings,
  distribute(first, 'none'),
  ...others.map((table) => distribute(table, first)),
]

/** Throws `invalid_input` where the database has no Citus. */
export async function checkCitus(client: PostgresClient): Promise<void> {
  const { rows } = await client.query(`SELECT FROM pg_extension WHERE extname = 'citus'`)
  if (rows.length > 0) return
  const issue = { path: 'citus', message: 'asks for the extension Citus, which this database does not have' }
  const message = `The option citus asks for the extension Citus, which this database does not have; nothing was changed. Run CREATE EXTENSION citus there, or leave the option out.`
  throw ledgerError('invalid_input', message, { issues: [issue] })
}

/** Prepares a migrated schema for Citus, in one transaction. */
export async function distributeTables(client: PostgresClient, schema: string): Promise<void> {
  await client.query('BEGIN')
  try {
    for (const statement of distribution) await client.query(inSchema(statement, schema))
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
