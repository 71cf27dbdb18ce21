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

/**
 * That a column equals a value, said as a range. Asked for one row in the order of an index, the planner takes that
 * index; of an equality it expects one row, at first through any index of the table, and may then look through a book.
 */
export function equals(column: string, value: string): string {
  return `${column} >= ${value} AND ${column} <= ${value}`
}

/** Runs a query that knex wrote. */
export function rowsOf(statements: Statements, query: Knex.QueryBuilder): Promise<readonly Row[]> {
  const { sql, bindings } = query.toSQL().toNative()
  return statements.rows(sql, bindings as readonly SqlValue[])
}

/**
 * What stands behind the ORDER BY of a subquery that is read no further than a page needs: a limit that is none. The
 * planner expects to read at most a tenth, so it takes the index with that order even where its guess is that a page is
 * all there is. The page's own limit stands outside, in sight, for when it guesses that there is much more.
 */
export const asFarAsNeeded = 'LIMIT (SELECT NULL::bigint)'

/** Runs a query of a page that knex wrote: its order is kept, its limit is put outside. */
export function pageRows(statements: Statements, query: Knex.QueryBuilder, limit: number): Promise<readonly Row[]> {
  const { sql, bindings } = query.clear('limit').toSQL().toNative()
  const page = `SELECT * FROM (${sql} ${asFarAsNeeded}) AS page LIMIT $${bindings.length + 1}`
  return statements.rows(page, [...(bindings as readonly SqlValue[]), limit])
}
