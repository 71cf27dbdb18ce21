import knexModule, { type Knex } from 'knex'

const silent = () => {}
export const log = { warn: silent, error: silent, deprecate: silent, debug: silent }

/** A knex that only writes SQL: it has no connection. */
export function writeOnlyKnex(): Knex {
  return knexModule({ client: 'pg', log })
}
