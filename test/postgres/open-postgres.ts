import { randomBytes } from 'node:crypto'
import {
  launchServer,
  type PostgresServer,
  type PostgresVersion,
  type ServerOptions,
} from '@escrow-ledger/postgres-server'
import { Client, escapeIdentifier, Pool } from 'pg'
import { inject, onTestFinished } from 'vitest'

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

/**
 * A new schema on the server that all tests share, or on one of a test's own, dropped when the test is finished. It is
 * registered before whatever the test opens on it, so it is dropped after that is closed.
 */
export async function openPostgres(
  options: { readonly version?: PostgresVersion | undefined; readonly server?: PostgresServer | undefined } = {},
): Promise<OpenPostgres> {
  const connectionString = options.server?.connectionString ?? (await sharedPostgres(options.version))
  const schema = `test_${randomBytes(8).toString('hex')}`
  const pool = new Pool({ connectionString, max: 10 })
  // A connection that idles when a test stops its server is not an error of the test.
  pool.on('error', () => {})
  onTestFinished(async () => {
    await pool.end()
    // A server of the test's own ends with its schema.
    if (!options.server) await dropSchema(connectionString, schema)
  })
  await pool.query(`create schema ${escapeIdentifier(schema)}`)
  return { connectionString, schema, pool }
}

/** Drops a schema, and before it whatever still holds a lock there: a killed process, a connection gone silent. */
async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query(
      `select pg_terminate_backend(pid) from (
         select distinct pid from pg_locks
         join pg_class on pg_class.oid = pg_locks.relation
         where database = (select oid from pg_database where datname = current_database())
           and relnamespace = $1::regnamespace and pid <> pg_backend_pid()
       ) as holders`,
      [schema],
    )
    await client.query(`drop schema ${escapeIdentifier(schema)} cascade`)
  } finally {
    await client.end()
  }
}

/** A server of a test's own, to stop and start at will; it ends when the test is finished. */
export async function startPostgres(options: ServerOptions = {}): Promise<PostgresServer> {
  const server = await launchServer(options)
  onTestFinished(() => server.stop())
  return server
}
