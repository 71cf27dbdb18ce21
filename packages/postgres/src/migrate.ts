import { runMigrations } from '@escrow-ledger/sql'
import type { PostgresClient } from './client.js'
import { postgresDialect } from './dialect.js'
import { knexOver } from './knex.js'
import { inSchema, SCHEMA } from './schema-name.js'

/** The number under which migrators wait for each other; it is bound to the transaction, so nobody can leave it held. */
const MIGRATION_LOCK = '7236427711390244181'

/** Brings the schema up to date, in one transaction. */
export async function migrateSchema(client: PostgresClient, schema: string): Promise<void> {
  const knex = knexOver(client)
  const ofSchema = (sql: string) => inSchema(sql, schema)
  try {
    await runMigrations(knex, {
      dialect: postgresDialect,
      schema,
      first: [
        // Waiting for another migrator is no fault; waiting for a table that somebody reads would hold up everybody else.
        'SET LOCAL lock_timeout = 0',
        `SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`,
        ofSchema(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`),
        `SET LOCAL lock_timeout = '5s'`,
      ],
      inSchema: ofSchema,
    })
  } finally {
    await knex.destroy()
  }
}
