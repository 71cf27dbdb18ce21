import type { SqlValue } from '@escrow-ledger/sql'
import type { Knex } from 'knex'
import type { Row, Statements } from './statements.js'

/** Runs a query that knex wrote. */
export function rowsOf(statements: Statements, query: Knex.QueryBuilder): readonly Row[] {
  const { sql, bindings } = query.toSQL().toNative()
  return statements.read(sql).all(...(bindings as readonly SqlValue[]))
}
