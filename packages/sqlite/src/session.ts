import { checkSchema, MIGRATIONS_TABLE } from '@escrow-ledger/sql'
import { ledgerError } from 'escrow-ledger'
import type { SqliteDatabase } from './database.js'
import { type AccountCache, createAccountCache } from './known-accounts.js'
import { createStatements, type Statements } from './statements.js'

/** A connection that was set up: its statements, and what is known of its accounts. */
interface Session {
  readonly statements: Statements
  /** Null on the host's connection, where the host could change accounts without a sign of it. */
  readonly cache: AccountCache | null
  /** The schema that was found fit. */
  schemaVersion: bigint | null
}

export type Synchronous = 'FULL' | 'NORMAL'

/** Pages of write-ahead log after which it is copied into the database: fewer, larger copies write each page less often. */
const CHECKPOINT_PAGES = 10_000
const CACHE_KIB = 65_536

export interface Sessions {
  /** Sets up the connection, once: only its own, never the host's. */
  setUp(database: SqliteDatabase): Session
  /** The connection, once its schema is known to be this version's. */
  ready(database: SqliteDatabase): Session
}

/** Makes connections ready, each once, and notices when somebody changed the schema since. */
export function createSessions(options: { synchronous: Synchronous; shared: boolean }): Sessions {
  const sessions = new WeakMap<SqliteDatabase, Session>()

  function sessionOf(database: SqliteDatabase): Session {
    const known = sessions.get(database)
    if (known) return known
    checkEncoding(database)
    if (!options.shared) {
      database.pragma('journal_mode = WAL')
      database.pragma(`synchronous = ${options.synchronous}`)
      database.pragma(`cache_size = -${CACHE_KIB}`)
      database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    }
    const cache = options.shared ? null : createAccountCache()
    const made = { statements: createStatements(database), cache, schemaVersion: null }
    sessions.set(database, made)
    return made
  }

  return {
    setUp: sessionOf,
    ready(database) {
      const session = sessionOf(database)
      const { statements } = session
      const schemaVersion = statements.read('PRAGMA schema_version').get()?.[0] as bigint
      if (schemaVersion !== session.schemaVersion) {
        checkSchema(completedMigrations(statements))
        session.schemaVersion = schemaVersion
      }
      return session
    },
  }
}

function completedMigrations(statements: Statements): string[] {
  const exists = statements.read(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(MIGRATIONS_TABLE)
  if (!exists) return []
  return statements
    .read(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)
    .all()
    .map(([name]) => name as string)
}

/** Texts are compared by their UTF-8 bytes, and SQLite compares the bytes that it keeps. */
function checkEncoding(database: SqliteDatabase): void {
  const encoding = database.pragma('encoding', { simple: true })
  if (encoding === 'UTF-8') return
  const message = `The database keeps its texts as ${encoding}. Give the ledger one that keeps them as UTF-8.`
  throw ledgerError('invalid_input', message, {
    issues: [{ path: 'database', message: 'must keep its texts as UTF-8' }],
  })
}
