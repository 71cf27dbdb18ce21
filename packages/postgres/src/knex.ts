import knexModule, { type Knex } from 'knex'
import type { PostgresClient, PostgresQuery } from './client.js'

const silent = () => {}
const log = { warn: silent, error: silent, deprecate: silent, debug: silent }

/** A knex that only writes SQL: it has no connection. */
export function writeOnlyKnex(): Knex {
  return knexModule({ client: 'pg', log })
}

/** A knex on a connection that stays its owner's: it never closes it. */
export function knexOver(client: PostgresClient): Knex {
  const Dialect = writeOnlyKnex().client.constructor as typeof Knex.Client

  class OverConnection extends Dialect {
    _driver() {
      return null
    }

    override acquireRawConnection(): Promise<unknown> {
      return Promise.resolve(withCallbacks(client))
    }

    override async destroyRawConnection(): Promise<void> {}
  }
  return knexModule({ client: OverConnection, connection: {}, log, pool: { min: 0, max: 1 } })
}

/** knex hands pg a callback. */
function withCallbacks(client: PostgresClient) {
  type Callback = (error: unknown, result?: unknown) => void
  return {
    query(query: PostgresQuery | string, callback: Callback): void {
      client.query(query).then((result) => callback(null, result), callback)
    },
  }
}
