import { runMigrations } from '@escrow-ledger/sql'
import { ledgerError, type Runtime } from 'escrow-ledger'
import type { PostgresClient } from './client.js'
import { postgresDialect } from './dialect.js'
import { isBusy } from './errors.js'
import { knexOver } from './knex.js'
import { inSchema, SCHEMA } from './schema-name.js'

/** The number under which migrators wait for each other; it is bound to the transaction, so nobody can leave it held. */
const MIGRATION_LOCK = '7236427711390244181'

/** How long one statement of a migration may take. */
export const MIGRATION_STATEMENT_MS = 60_000

/** How long a migration waits for a lock on a table, while everybody who comes after it waits as well. */
const TABLE_LOCK = '2s'

/** A role that may not make schemas works in one that was made for it. */
const makeSchema = `DO $$ BEGIN
  IF to_regnamespace('${SCHEMA}') IS NULL THEN CREATE SCHEMA ${SCHEMA}; END IF;
END $$`

export interface MigrateOptions {
  readonly schema: string
  readonly runtime: Runtime
  /** How long to wait for other migrators, and for those who use a table that is to change. */
  readonly patienceMs: number
}

/** Brings the schema up to date, in one transaction; it begins again while somebody is in the way. */
export async function migrateSchema(client: PostgresClient, options: MigrateOptions): Promise<void> {
  const { runtime, patienceMs } = options
  const deadline = runtime.elapsed() + patienceMs
  const knex = knexOver(client)
  try {
    while (!(await migrateOnce(knex, options, { isLast: runtime.elapsed() >= deadline }))) await runtime.sleep(WAIT_MS)
  } finally {
    await knex.destroy()
  }
}

const WAIT_MS = 20

async function migrateOnce(
  knex: ReturnType<typeof knexOver>,
  { schema, patienceMs }: MigrateOptions,
  { isLast }: { isLast: boolean },
): Promise<boolean> {
  const ofSchema = (sql: string) => inSchema(sql, schema)
  try {
    await runMigrations(knex, {
      dialect: postgresDialect,
      schema,
      first: [
        `SET LOCAL statement_timeout = ${MIGRATION_STATEMENT_MS}`,
        // What a migrator holds whose machine is gone is free again after this.
        `SET LOCAL idle_in_transaction_session_timeout = ${MIGRATION_STATEMENT_MS}`,
        `SET LOCAL lock_timeout = '${TABLE_LOCK}'`,
        `SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`,
        ofSchema(makeSchema),
      ],
      inSchema: ofSchema,
    })
    return true
  } catch (error) {
    if (!isBusy(error)) throw error
    if (!isLast) return false
    const message = `Another migrator, or somebody who uses a table that is to change, was in the way for ${patienceMs} ms; nothing was changed. Call ledger.migrate() again when they are done.`
    throw ledgerError('storage_busy', message, undefined, { cause: error })
  }
}
