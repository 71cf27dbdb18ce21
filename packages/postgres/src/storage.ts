import { checkSource, systemRuntime } from '@escrow-ledger/sql'
import { ledgerError, type Runtime, type Storage, type Work } from 'escrow-ledger'
import type { Knex } from 'knex'
import pg from 'pg'
import { createAccountNumbers } from './account-numbers.js'
import { bookNumber } from './book-numbers.js'
import { checkTimes } from './check-options.js'
import type { PostgresClient, PostgresPool } from './client.js'
import {
  type AttentiveClient,
  type Connections,
  createAttentiveClient,
  knexConnections,
  type Lent,
  poolConnections,
} from './connection.js'
import { checkCitus, distributeTables } from './distribute.js'
import { isAway, isSchemaMissing, storageError } from './errors.js'
import { type Joining, joinTransaction } from './joined.js'
import { findKeys } from './keys.js'
import { loadKeys } from './load.js'
import { MIGRATION_STATEMENT_MS, migrateSchema } from './migrate.js'
import { TAKEN, withPatience } from './patience.js'
import { createReads } from './reads.js'
import { checkSchemaName } from './schema-name.js'
import { createSchemaCheck } from './session.js'
import { readSnapshot } from './snapshot.js'
import { createStatements, createStatementTexts, type Statements } from './statements.js'
import type { Unit } from './unit.js'
import { runUnit } from './unit-of-work.js'

/** Where the books are kept. */
export type PostgresSource =
  /** A server, by its URL; the storage opens a pool of its own. */
  | { readonly connectionString: string; readonly maxConnections?: number | undefined }
  /** A pool of the host's, which goes on being the host's: it is not closed. */
  | { readonly pool: PostgresPool }
  /** The host's knex for `pg`. Each unit of work takes a connection from its pool and gives it back. */
  | { readonly knex: Knex }

export interface PostgresOptions {
  /** The schema that the ledger's tables are in; made by `migrate` where it is not there. Default `ledger`. */
  readonly schema?: string | undefined
  /**
   * Off behind a pooler that gives every transaction another connection (PgBouncer in transaction mode, Supabase's
   * pooled connections), where a statement prepared under a name is not there the next time. Default true.
   */
  readonly namedStatements?: boolean | undefined
  /**
   * Makes `migrate` distribute the tables over the nodes of a Citus cluster, by book; see docs/scaling.md. It fails with
   * `invalid_input`, and changes nothing, where the database has no Citus. Default false.
   */
  readonly citus?: boolean | undefined
  /** How long to try while others are in the way or the server is away, in milliseconds; then `storage_busy` or `storage_failed`. Default 5,000. */
  readonly busyDeadlineMs?: number | undefined
  /**
   * How long a unit of work waits for a row that somebody else holds before it gives way and begins again, in
   * milliseconds. Below the server's `deadlock_timeout` (1,000 unless it was changed) a host in a cycle with the ledger
   * is never the one that is ended. Default 800.
   */
  readonly lockTimeoutMs?: number | undefined
  /**
   * How long one statement may take, in milliseconds, before the connection is given up. That is also how long it takes
   * to find out that a server has gone silent. Default 10,000.
   */
  readonly statementTimeoutMs?: number | undefined
  /** Clock, timers and randomness; the platform's own by default. */
  readonly runtime?: Runtime | undefined
}

/**
 * Keeps books in PostgreSQL 14 or later through pg, at READ COMMITTED with row locks. Many processes may use one schema.
 * A batch that was decided ahead is one statement and one round trip. Throws `invalid_input` for a schema name that
 * would need quoting, and unless a `connectionString`, a `pool` or `knex` is given.
 */
export function createPostgresStorage(options: PostgresSource & PostgresOptions): Storage {
  const { schema = 'ledger', namedStatements = true, citus = false, runtime = systemRuntime } = options
  const { busyDeadlineMs = 5_000, lockTimeoutMs = 800, statementTimeoutMs = 10_000 } = options
  checkSource(options, { objects: ['pool', 'knex'], text: 'connectionString' })
  checkSchemaName(schema)
  checkTimes({ busyDeadlineMs, lockTimeoutMs, statementTimeoutMs })
  const connections = connectionsOf(options, { runtime, connectWithinMs: busyDeadlineMs })
  const numbers = createAccountNumbers(runtime)
  const statementOptions = { schema, named: namedStatements }
  const texts = createStatementTexts(statementOptions)
  const schemaCheck = createSchemaCheck()
  let closed = false

  function checkOpen(): void {
    if (closed) throw ledgerError('ledger_closed', 'This storage was closed. Create another.')
  }

  async function acquire(waitMs: number): Promise<Lent | null> {
    checkOpen()
    try {
      return await connections.acquire(waitMs)
    } catch (error) {
      // A pool that was closed meanwhile says so in its own words.
      checkOpen()
      throw error
    }
  }

  /** Runs what needs a connection, again while others are in the way or the server is away. */
  async function run<Result>(use: (client: PostgresClient, raw: PostgresClient) => Promise<Result>): Promise<Result> {
    try {
      return await withPatience(runtime, busyDeadlineMs, async (leftMs) => {
        const lent = await acquire(leftMs)
        if (lent === null) return TAKEN
        const client = attentive(lent.client, statementTimeoutMs)
        let lost = false
        try {
          return await use(client, lent.client)
        } catch (error) {
          lost = isAway(error)
          throw error
        } finally {
          lent.release(lost || client.isBroken())
        }
      })
    } catch (error) {
      if (isSchemaMissing(error)) schemaCheck.forget()
      throw storageError(error)
    }
  }

  /** The margin lets the server's own time-out be told first. */
  function attentive(client: PostgresClient, statementMs: number): AttentiveClient {
    return createAttentiveClient(client, { waitMs: statementMs + 1_000, runtime })
  }

  async function migrate(client: PostgresClient, raw: PostgresClient): Promise<void> {
    // A connection that has gone silent is found out before the long waits.
    await client.query('SELECT 1')
    if (citus) await checkCitus(client)
    const slow = attentive(raw, MIGRATION_STATEMENT_MS)
    await migrateSchema(slow, { schema, runtime, patienceMs: MIGRATING * busyDeadlineMs })
    if (citus) await distributeTables(slow, schema)
  }

  async function withStatements<Result>(use: (statements: Statements, client: PostgresClient) => Promise<Result>) {
    return run(async (client) => use(await statementsOn(client), client))
  }

  async function statementsOn(client: PostgresClient): Promise<Statements> {
    const statements = createStatements(client, statementOptions, texts)
    await schemaCheck.check(statements)
    return statements
  }

  const unitOf = (statements: Statements, bookName: string): Unit => ({
    statements,
    bookName,
    book: bookNumber(bookName),
    numbers,
    opened: [],
    lockTimeoutMs,
  })

  const begin = beginning({ lockTimeoutMs, statementTimeoutMs })
  const joining: Joining = {
    runtime,
    busyDeadlineMs,
    lockTimeoutMs,
    checkOpen,
    attentive: (client) => attentive(client, statementTimeoutMs),
    statementsOn,
    unitOf,
  }

  return {
    runtime,
    migrate: () => run(migrate),
    transact: <Result>(book: string, work: () => Work<Result>) =>
      withStatements((statements, client) =>
        runUnit(
          {
            unit: unitOf(statements, book),
            begin: () => client.query(begin),
            commit: () => client.query('COMMIT'),
            rollback: () => client.query('ROLLBACK'),
            autocommits: true,
          },
          work,
        ),
      ),
    ahead: {
      inFlight: IN_FLIGHT,
      read: (book, keys, idempotencyKeys) =>
        withStatements(async (statements) => {
          const unit = unitOf(statements, book)
          const known = await findKeys(unit, idempotencyKeys)
          return { known, loaded: await loadKeys(unit, keys, 'read') }
        }),
    },
    reads: createReads((read) => withStatements(read)),
    snapshot: (read) =>
      withStatements((statements, client) => readSnapshot(read, { client, statements, statementTimeoutMs })),
    join: (transaction) => joinTransaction(transaction, joining),
    async close() {
      if (closed) return
      closed = true
      await connections.close()
    },
  }
}

const IN_FLIGHT = 4

/** Others' migrations take longer than their units of work: how many times as long to wait for them. */
const MIGRATING = 12

/**
 * What a unit of work of several steps begins with. Plans that look through whole tables are off, since a prepared
 * statement's plan outlives the moment at which the tables were small.
 */
function beginning({
  lockTimeoutMs,
  statementTimeoutMs,
}: {
  lockTimeoutMs: number
  statementTimeoutMs: number
}): string {
  return [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    `SET LOCAL lock_timeout = ${lockTimeoutMs}`,
    `SET LOCAL statement_timeout = ${statementTimeoutMs}`,
    // What is locked by a process whose machine is gone is free again after this.
    `SET LOCAL idle_in_transaction_session_timeout = ${statementTimeoutMs}`,
    // Whoever goes in the middle of a request is not idle. Before version 17 the server has no such limit.
    `SELECT CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL
      THEN set_config('transaction_timeout', '${2 * statementTimeoutMs}', true) END`,
    'SET LOCAL enable_seqscan = off',
  ].join('; ')
}

const CONNECTIONS = 10

function connectionsOf(
  source: PostgresSource,
  { runtime, connectWithinMs }: { runtime: Runtime; connectWithinMs: number },
): Connections {
  if ('pool' in source) return poolConnections(source.pool, { runtime, own: false })
  if ('knex' in source) return knexConnections(source.knex, runtime)
  const pool = new pg.Pool({
    connectionString: source.connectionString,
    max: source.maxConnections ?? CONNECTIONS,
    keepAlive: true,
    application_name: 'escrow-ledger',
    // A server that accepts and then says nothing must not hold anybody up.
    connectionTimeoutMillis: Math.min(connectWithinMs, CONNECT_TIMEOUT_MS),
  })
  // An idle connection that the server ends is no news: the pool opens another.
  pool.on('error', () => {})
  return poolConnections(pool, { runtime, own: true })
}

/** Shorter than the usual deadline, so that the pool tells what it waited for. */
const CONNECT_TIMEOUT_MS = 3_000
