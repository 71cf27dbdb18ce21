import type { SqlValue } from '@escrow-ledger/sql'
import type { SqliteDatabase } from './database.js'

export type Row = readonly SqlValue[]

interface Reader {
  get(...values: readonly SqlValue[]): Row | undefined
  all(...values: readonly SqlValue[]): readonly Row[]
}

interface Writer {
  run(...values: readonly SqlValue[]): { readonly changes: number }
}

/** Prepared statements of one connection, each prepared when it is first asked for and kept by its text. */
export interface Statements {
  /** Rows are arrays of values, and every integer in them is a bigint. */
  read(sql: string): Reader
  write(sql: string): Writer
}

/** Cold queries come in many shapes, so what is kept of them has a bound. */
const KEPT = 500

export function createStatements(database: SqliteDatabase): Statements {
  const readers = new Map<string, Reader>()
  const writers = new Map<string, Writer>()

  function kept<Statement>(known: Map<string, Statement>, sql: string, prepare: () => Statement): Statement {
    const found = known.get(sql)
    if (found) return found
    if (known.size >= KEPT) known.clear()
    const made = prepare()
    known.set(sql, made)
    return made
  }

  return {
    read: (sql) => kept(readers, sql, () => database.prepare(sql).safeIntegers(true).raw(true) as Reader),
    write: (sql) => kept(writers, sql, () => database.prepare(sql)),
  }
}
