import { randomBytes } from 'node:crypto'
import { createPostgresStorage } from '@escrow-ledger/postgres'
import {
  launchServer,
  type PostgresServer,
  type PostgresVersion,
  type ServerOptions,
} from '@escrow-ledger/postgres-server'
import { escapeIdentifier, Pool } from 'pg'
import { afterAll, inject, onTestFinished } from 'vitest'
import { dropSchema, emptySchema } from './schema.js'

export type { PostgresVersion }

export interface OpenPostgres {
  readonly connectionString: string
  /** The name of a schema that is this test's alone. It is not in the search path of anybody. */
  readonly schema: string
  /** Connections to look at the tables with. */
  readonly pool: Pool
}

/** The server that all tests of a run share. */
export async function sharedPostgres(version: PostgresVersion = 18): Promise<string> {
  const response = await fetch(inject('sharedPostgres') + version)
  const answer = await response.text()
  if (!response.ok) throw new Error(`The tests have no PostgreSQL ${version}: ${answer}`)
  return answer
}

/** A new, empty schema, which whoever asks for it drops. */
export async function createSchema(server?: string): Promise<OpenPostgres> {
  const connectionString = server ?? (await sharedPostgres())
  const schema = `test_${randomBytes(8).toString('hex')}`
  const pool = new Pool({ connectionString, max: 10 })
  // A connection that idles when a test stops its server is not an error of the test.
  pool.on('error', () => {})
  await pool.query(`create schema ${escapeIdentifier(schema)}`)
  return { connectionString, schema, pool }
}

/**
 * A new schema on the server that all tests share, or on one of a test's own, dropped when the test is finished. It is
 * registered before whatever the test opens on it, so it is dropped after that is closed.
 */
export async function openPostgres(
  options: { readonly version?: PostgresVersion | undefined; readonly server?: PostgresServer | undefined } = {},
): Promise<OpenPostgres> {
  const opened = await createSchema(options.server?.connectionString ?? (await sharedPostgres(options.version)))
  onTestFinished(async () => {
    // A server of the test's own ends with its schema.
    if (!options.server) await dropSchema(opened.pool, opened.schema)
    await opened.pool.end()
  })
  return opened
}

/** Migrated schemas without books that no test uses at the moment; a file of tests has its own. */
const spare = new Map<PostgresVersion, OpenPostgres[]>()

afterAll(async () => {
  for (const { pool, schema } of [...spare.values()].flat()) {
    await dropSchema(pool, schema)
    await pool.end()
  }
  spare.clear()
})

async function createMigrated(version: PostgresVersion): Promise<OpenPostgres> {
  const opened = await createSchema(await sharedPostgres(version))
  const storage = createPostgresStorage(opened)
  await storage.migrate()
  await storage.close()
  return opened
}

interface Migrated extends OpenPostgres {
  /** Says that more than rows was changed, so that the schema goes to no other test. */
  readonly spoil: () => void
}

/**
 * A schema that is migrated and holds no book. When the test is finished it is emptied and kept for a later test, since
 * migrating takes longer than most tests.
 */
export async function openMigrated(version: PostgresVersion = 18): Promise<Migrated> {
  const opened = spare.get(version)?.pop() ?? (await createMigrated(version))
  const { pool, schema } = opened
  let spoilt = false
  onTestFinished(async () => {
    if (spoilt) {
      await dropSchema(pool, schema)
      await pool.end()
    } else {
      await emptySchema(pool, schema)
      spare.set(version, [...(spare.get(version) ?? []), opened])
    }
  })
  const spoil = () => {
    spoilt = true
  }
  return { ...opened, spoil }
}

/** A server of a test's own, to stop and start at will; it ends when the test is finished. */
export async function startPostgres(options: ServerOptions = {}): Promise<PostgresServer> {
  const server = await launchServer(options)
  onTestFinished(() => server.stop())
  return server
}
