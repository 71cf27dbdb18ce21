import { ledgerError, type Runtime } from 'escrow-ledger'
import type { Knex } from 'knex'
import type { SqliteDatabase } from './database.js'

/** The one connection that units of work and reads run on, whoever owns it. */
export interface Connection {
  /**
   * Resolves when the connection may be used, to null when that was not within so many milliseconds. Whatever is done on
   * it must be done before the next await.
   */
  acquire(waitMs: number): Promise<SqliteDatabase | null>
  release(database: SqliteDatabase): Promise<void>
  /** Opens a connection for migrating, on which nobody else works meanwhile. */
  acquireForMigration(waitMs: number): Promise<{ database: SqliteDatabase; release: () => Promise<void> } | null>
  /** Whether the host works on this connection as well: its settings are then its own. */
  readonly shared: boolean
  close(): Promise<void>
}

/** A connection that this storage opened. */
export function ownConnection(database: SqliteDatabase): Connection {
  let migration: Promise<void> | null = null

  return {
    shared: false,
    async acquire() {
      while (migration) await migration
      return database
    },
    async release() {},
    async acquireForMigration() {
      while (migration) await migration
      let release = () => {}
      migration = new Promise((resolve) => {
        release = resolve
      })
      return {
        database,
        async release() {
          migration = null
          release()
        },
      }
    },
    async close() {
      while (migration) await migration
      database.close()
    },
  }
}

/** A connection that the host opened and goes on using. */
export function hostConnection(database: SqliteDatabase): Connection {
  function checkOpen(): void {
    if (database.open) return
    throw ledgerError('ledger_closed', 'The connection that this storage was given was closed. Create another storage.')
  }

  return {
    shared: true,
    async acquire() {
      checkOpen()
      return database
    },
    async release() {},
    async acquireForMigration() {
      checkOpen()
      // A file gets a connection of its own, so that nothing the host does meanwhile joins the migration.
      if (!canReopen(database)) return { database, release: async () => {} }
      const own = reopen(database)
      return { database: own, release: async () => void own.close() }
    },
    async close() {},
  }
}

type Constructor = new (filename: string, options?: { timeout: number; fileMustExist: boolean }) => SqliteDatabase

/**
 * Whether another connection to the same database can be opened. Not where the host has loaded a native addon of its own
 * choice (`nativeBinding`): two copies of SQLite in one process do not know of each other's locks on a file, and closing a
 * connection of the one would take those of the other away.
 */
export function canReopen(database: SqliteDatabase): boolean {
  if (database.memory) return false
  const usual = new (database.constructor as Constructor)(':memory:')
  try {
    const statementOf = (each: SqliteDatabase) => each.prepare('SELECT 1').constructor
    return statementOf(usual) === statementOf(database)
  } finally {
    usual.close()
  }
}

/** Opens the same file once more, as another process would. */
export function reopen(database: SqliteDatabase): SqliteDatabase {
  const Database = database.constructor as Constructor
  // The name may be relative to a folder that the process has left.
  const [main] = database.pragma('database_list') as [{ readonly file: string }]
  return new Database(main.file, { timeout: 0, fileMustExist: true })
}

/** Rejects with `ledger_closed` when the host has destroyed its knex; resolves to null when its pool gave up waiting. */
async function acquireFrom(knex: Knex): Promise<SqliteDatabase | null> {
  try {
    return await knex.client.acquireConnection()
  } catch (error) {
    if (error instanceof Error && error.name === 'KnexTimeoutError') return null
    if (knex.client.pool) throw error
    const message = 'The knex that this storage was given was destroyed. Create another storage.'
    throw ledgerError('ledger_closed', message, undefined, { cause: error })
  }
}

/** The host's knex: each unit of work takes a connection from its pool, so that it never joins a host's transaction. */
export function knexConnection(knex: Knex, runtime: Runtime): Connection {
  const release = (database: SqliteDatabase) => knex.client.releaseConnection(database) as Promise<void>

  async function acquire(waitMs: number): Promise<SqliteDatabase | null> {
    const acquiring = acquireFrom(knex)
    const free = await Promise.race([acquiring, runtime.yield().then(() => null)])
    if (free !== null) return free
    const waiting = new AbortController()
    const found = await Promise.race([acquiring, runtime.sleep(waitMs, waiting.signal).then(() => null)])
    waiting.abort()
    // The pool's answer is still to come then: it is given back at once.
    if (found === null) acquiring.then((late) => late && release(late)).catch(() => {})
    return found
  }

  return {
    shared: true,
    acquire,
    release,
    async acquireForMigration(waitMs) {
      const database = await acquire(waitMs)
      return database && { database, release: () => release(database) }
    },
    async close() {},
  }
}
