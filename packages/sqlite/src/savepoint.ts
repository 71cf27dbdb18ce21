import { books } from '@escrow-ledger/sql'
import type { SqliteDatabase } from './database.js'
import { isBusy } from './errors.js'
import type { Statements } from './statements.js'

/** Changes nothing, and takes the write lock to do so. */
const takeLock = `UPDATE ${books.name} SET revision = revision WHERE 0`

/**
 * Takes the write lock in the host's transaction, before anything is read: had it read first, it would keep to what it
 * saw, and could never write once another connection has.
 */
export function takeWriteLock(statements: Statements): void {
  try {
    statements.write(takeLock).run()
  } catch (error) {
    // Whatever else it is, a missing table or a file that must not be written to, is told by what comes next.
    if (isBusy(error)) throw error
  }
}

/** Does something, without awaiting, in a part of the host's transaction that is taken back when it throws. */
export function inSavepoint<Result>(database: SqliteDatabase, statements: Statements, use: () => Result): Result {
  statements.write('SAVEPOINT ledger_call').run()
  try {
    const result = use()
    statements.write('RELEASE ledger_call').run()
    return result
  } catch (error) {
    // Some failures (a full disk) end the whole transaction by themselves.
    if (database.inTransaction) {
      statements.write('ROLLBACK TO ledger_call').run()
      statements.write('RELEASE ledger_call').run()
    }
    throw error
  }
}
