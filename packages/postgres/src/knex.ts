import knexModule, { type Knex } from 'knex'
import type { PostgresClient } from './client.js'

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
      return Promise.resolve(client)
    }

    override async destroyRawConnection(): Promise<void> {}
  }
  return knexModule({ client: OverConnection, connection: {}, log, pool: { min: 0, max: 1 } })
}
