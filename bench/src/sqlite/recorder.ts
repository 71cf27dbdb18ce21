import type { SqliteDatabase } from '@escrow-ledger/sqlite'
import type Database from 'better-sqlite3'

/** A statement that was carried out, with the values that were bound to it. */
export interface Recorded {
  readonly sql: string
  readonly reads: boolean
  readonly values: readonly unknown[]
}

/** A connection that takes down what is asked of it. */
export interface Recorder {
  readonly connection: SqliteDatabase
  /** What was carried out since this was last called. */
  take(): Recorded[]
}

/** Settings of the connection, and not what a user asks of the data. */
const setting = /^PRAGMA/

export function recorderOver(database: Database.Database): Recorder {
  let recorded: Recorded[] = []

  function wrapped(sql: string): ReturnType<SqliteDatabase['prepare']> {
    const statement = database.prepare(sql)
    function note<Result>(values: readonly unknown[], carryOut: () => Result): Result {
      if (!setting.test(sql)) recorded.push({ sql, reads: statement.reader, values })
      return carryOut()
    }
    const made = {
      reader: statement.reader,
      run: (...values: unknown[]) => note(values, () => statement.run(...values)),
      get: (...values: unknown[]) => note(values, () => statement.get(...values)),
      all: (...values: unknown[]) => note(values, () => statement.all(...values)),
      raw(toggle?: boolean) {
        statement.raw(toggle)
        return made
      },
      safeIntegers(toggle?: boolean) {
        statement.safeIntegers(toggle)
        return made
      },
    }
    return made
  }

  return {
    connection: {
      name: database.name,
      memory: database.memory,
      get open() {
        return database.open
      },
      get inTransaction() {
        return database.inTransaction
      },
      prepare: wrapped,
      pragma: (source, options) => database.pragma(source, options),
      close: () => database.close(),
    },
    take() {
      const taken = recorded
      recorded = []
      return taken
    },
  }
}
