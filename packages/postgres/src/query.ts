import type { SqlValue } from '@escrow-ledger/sql'
import type { Knex } from 'knex'
import type { Row, Statements } from './statements.js'

/**
 * A limit that the planner does not see, so that it expects to read a part of what there is and takes the index that
 * has the order asked for. Seeing it beside its guesses, it would at times rather read a whole book and sort it.
 */
export function limitTo(parameter: number): string {
  return `LIMIT (SELECT $${parameter}::bigint)`
}

/** Runs a query that knex wrote. */
export function rowsOf(statements: Statements, query: Knex.QueryBuilder): Promise<readonly Row[]> {
  const { sql, bindings } = query.toSQL().toNative()
  return statements.cold(sql, bindings as readonly SqlValue[])
}

/** Runs a query of a page that knex wrote, its limit out of the planner's sight. */
export function pageRows(statements: Statements, query: Knex.QueryBuilder, limit: number): Promise<readonly Row[]> {
  const { sql, bindings } = query.clear('limit').toSQL().toNative()
  return statements.cold(`${sql} ${limitTo(bindings.length + 1)}`, [...(bindings as readonly SqlValue[]), limit])
}
