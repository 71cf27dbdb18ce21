import knexModule, { type Knex } from 'knex'
import type { SqliteDatabase } from './database.js'

const silent = () => {}
const log = { warn: silent, error: silent, deprecate: silent, debug: silent }

/** A knex that only writes SQL: it has no connection. */
export function writeOnlyKnex(): Knex {
  return knexModule({ client: 'better-sqlite3', useNullAsDefault: true, log })
}

/** A knex on a connection that stays its owner's: its transactions take the write lock at once, and it never closes it. */
export function knexOver(database: SqliteDatabase): Knex {
  const Dialect = writeOnlyKnex().client.constructor as typeof Knex.Client

  class OverConnection extends Dialect {
    _driver() {
      return null
    }

    override acquireRawConnection(): Promise<unknown> {
      return Promise.resolve(database)
    }

    override async destroyRawConnection(): Promise<void> {}

    override query(connection: unknown, query: unknown): unknown {
      return super.query(connection, query === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : query)
    }
  }
  return knexModule({ client: OverConnection, useNullAsDefault: true, connection: {}, log, pool: { min: 0, max: 1 } })
}
