import { ledgerError } from 'escrow-ledger'
import type { Knex } from 'knex'
import type { Dialect } from './dialect.js'
import { type Migration, migrations } from './migrations/index.js'

/** Where knex notes which migrations were run. */
export const MIGRATIONS_TABLE = 'ledger_migrations'

export interface MigrationRun {
  readonly dialect: Dialect
  /** The schema that the tables are in, where the database has schemas. */
  readonly schema?: string | undefined
  /** What the transaction begins with. */
  readonly first?: readonly string[] | undefined
  /** Puts the schema's name into a statement. */
  readonly inSchema?: ((sql: string) => string) | undefined
}

/**
 * Runs what is missing of the migrations through knex, all in one transaction. Its BEGIN, or what it begins with, must
 * take a lock that one migrator alone can have: then racing migrators wait for each other, and a migrator that is killed
 * leaves nothing behind, knex's own lock included.
 */
export async function runMigrations(knex: Knex, run: MigrationRun): Promise<void> {
  const { schema, first = [] } = run
  await knex.transaction(async (transaction) => {
    for (const statement of first) await transaction.raw(statement)
    const completed = await completedMigrations(transaction, schema)
    checkNotNewer(completed)
    // Whoever has nothing to do needs no right to do it.
    if (completed.length === migrations.length) return
    await transaction.migrate.latest({
      tableName: MIGRATIONS_TABLE,
      migrationSource: sourceOf(run),
      ...(schema === undefined ? {} : { schemaName: schema }),
    })
  })
}

async function completedMigrations(knex: Knex, schema: string | undefined): Promise<string[]> {
  const tables = schema === undefined ? knex.schema : knex.schema.withSchema(schema)
  if (!(await tables.hasTable(MIGRATIONS_TABLE))) return []
  const completed = knex(MIGRATIONS_TABLE)
  return (schema === undefined ? completed : completed.withSchema(schema)).orderBy('id').pluck('name')
}

function sourceOf({ dialect, inSchema = (sql) => sql }: MigrationRun): Knex.MigrationSource<Migration> {
  return {
    getMigrations: async () => [...migrations],
    getMigrationName: (migration) => migration.name,
    getMigration: async (migration) => ({
      async up(knex) {
        for (const statement of migration.statements(dialect)) await knex.raw(inSchema(statement))
      },
      async down() {
        throw new Error('Migrations of escrow-ledger only go forward.')
      },
    }),
  }
}

/** Refuses a schema that a newer version made. */
function checkNotNewer(completed: readonly string[]): void {
  const known = new Set(migrations.map(({ name }) => name))
  const newer = completed.filter((name) => !known.has(name))
  if (newer.length === 0) return
  throw ledgerError(
    'schema_newer',
    `The database was migrated by a newer version of escrow-ledger (${newer.join(', ')}). Update this one before it is used.`,
  )
}

/** Refuses to work on a schema other than this version's, given the names of the migrations that were run. */
export function checkSchema(completed: readonly string[]): void {
  checkNotNewer(completed)
  if (completed.length === migrations.length) return
  const made = completed.length === 0 ? 'has no ledger in it yet' : 'has a ledger of an older version of escrow-ledger'
  throw ledgerError('schema_missing', `The database ${made}. Call ledger.migrate() once, when the application starts.`)
}
