import { checkSource, systemRuntime } from '@escrow-ledger/sql'
import BetterSqlite3 from 'better-sqlite3'
import { ledgerError, type Runtime, type Storage } from 'escrow-ledger'
import type { Knex } from 'knex'
import { createBreath } from './breath.js'
import { type Connection, hostConnection, knexConnection, ownConnection } from './connection.js'
import { type SqliteDatabase, withoutBlocking } from './database.js'
import { busyError, noMomentError, storageError } from './errors.js'
import { isHeld, untilLetGo } from './hold.js'
import { joinTransaction } from './joined.js'
import { migrateOnce } from './migrate.js'
import { TAKEN, withPatience } from './patience.js'
import { createReads } from './reads.js'
import { createSessions, type Synchronous } from './session.js'
import { readSnapshot } from './snapshot.js'
import { runUnit } from './unit-of-work.js'

/** Where the books are kept. */
export type SqliteSource =
  /** A file of the ledger's own, or shared with others; `:memory:` for one that is gone afterwards. */
  | { readonly filename: string }
  /**
   * A better-sqlite3 connection that the host opened and goes on using. Its settings stay as they are: durability is
   * what the host chose (`journal_mode`, `synchronous`). The ledger waits while the host's own transaction is open on it;
   * `ledger.within` joins it.
   */
  | { readonly database: SqliteDatabase }
  /** The host's knex for better-sqlite3. Each unit of work takes a connection from its pool and gives it back. */
  | { readonly knex: Knex }

export interface SqliteOptions {
  /**
   * `FULL` (default): what was committed survives a power cut. `NORMAL`: after a power cut the last commits may be gone,
   * never half there. Only for a file that the ledger opens.
   */
  readonly synchronous?: Synchronous | undefined
  /** How long to wait, without stopping the event loop, while others use the database; then `storage_busy`. Default 5,000. */
  readonly busyDeadlineMs?: number | undefined
  /** Clock, timers and randomness; the platform's own by default. */
  readonly runtime?: Runtime | undefined
}

/**
 * Keeps books in SQLite through better-sqlite3. Several processes may use one file. A unit of work runs from BEGIN
 * IMMEDIATE to COMMIT without yielding to the event loop. Throws `invalid_input` when the file cannot be opened, and unless
 * a `filename`, a `database` or `knex` is given.
 */
export function createSqliteStorage(options: SqliteSource & SqliteOptions): Storage {
  const { synchronous = 'FULL', busyDeadlineMs = 5_000, runtime = systemRuntime } = options
  checkSource(options, { objects: ['database', 'knex'], text: 'filename' })
  const connection = connectionOf(options, runtime)
  const sessions = createSessions({ synchronous, shared: connection.shared })
  const plainSessions = createSessions({ synchronous, shared: true })
  const breath = createBreath(runtime)
  let closed = false

  function checkOpen(): void {
    if (closed) throw ledgerError('ledger_closed', 'This storage was closed. Create another.')
  }

  /** Writes once nobody reads as of one moment, which counts for no deadline. */
  async function write<Result>(use: (database: SqliteDatabase) => Result): Promise<Result> {
    for (;;) {
      const done = await run((database) => (isHeld(database) ? { held: database } : { result: use(database) }))
      if ('result' in done) return done.result
      await untilLetGo(done.held)
    }
  }

  /** Runs what does not await as soon as the database lets it, and no transaction of the host's is open there. */
  function run<Result>(use: (database: SqliteDatabase) => Result): Promise<Result> {
    return patiently(async (leftMs) => {
      const database = await connection.acquire(leftMs)
      if (database === null) return TAKEN
      try {
        checkOpen()
        if (database.inTransaction) return TAKEN
        const work = () => use(database)
        // Its own connection was opened so that it never blocks.
        return connection.shared ? withoutBlocking(database, work) : work()
      } finally {
        await connection.release(database)
      }
    })
  }

  async function patiently<Result>(
    attempt: (leftMs: number) => Promise<Result | typeof TAKEN>,
    busy = busyError,
  ): Promise<Result> {
    try {
      const whileOpen = (leftMs: number) => {
        checkOpen()
        return attempt(leftMs)
      }
      return await withPatience(runtime, busyDeadlineMs, whileOpen, busy)
    } catch (error) {
      throw storageError(error)
    }
  }

  return {
    runtime,
    migrate: () => patiently((leftMs) => migrateOnce(connection, sessions, leftMs)),
    transact: (book, work) => write((database) => runUnit(database, sessions, { book, work })),
    reads: createReads(async (read) => {
      await breath()
      return run((database) => read(sessions.ready(database).statements))
    }),
    snapshot: (read) =>
      patiently(
        (leftMs) => readSnapshot(read, { connection, sessions, plainSessions, runtime, breath, checkOpen }, leftMs),
        noMomentError,
      ),
    join: (transaction) =>
      joinTransaction(transaction, { runtime, busyDeadlineMs, checkOpen, sessions: plainSessions }),
    async close() {
      if (closed) return
      closed = true
      await connection.close()
    },
  }
}

function connectionOf(source: SqliteSource, runtime: Runtime): Connection {
  if ('database' in source) return hostConnection(source.database)
  if ('knex' in source) return knexConnection(source.knex, runtime)
  try {
    return ownConnection(new BetterSqlite3(source.filename, { timeout: 0 }))
  } catch (cause) {
    const issue = { path: 'filename', message: `must name a database that can be opened (${(cause as Error).message})` }
    throw ledgerError(
      'invalid_input',
      `The input is not valid: filename ${issue.message}.`,
      { issues: [issue] },
      { cause },
    )
  }
}
