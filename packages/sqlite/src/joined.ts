import { inTurn, transactionHindered } from '@escrow-ledger/sql'
import { type JoinedTransaction, LedgerError, ledgerError, type Runtime, type Work } from 'escrow-ledger'
import { type SqliteDatabase, withoutBlocking } from './database.js'
import { isSnapshotTooOld, storageError } from './errors.js'
import { hostTransaction } from './host-transaction.js'
import { withPatience } from './patience.js'
import { createReads } from './reads.js'
import { inSavepoint, takeWriteLock } from './savepoint.js'
import type { Sessions } from './session.js'
import { createUnit } from './unit.js'
import { drive } from './unit-of-work.js'

/** What a storage brings into the host's transaction. */
export interface Joining {
  readonly runtime: Runtime
  readonly busyDeadlineMs: number
  readonly checkOpen: () => void
  /** Of connections that are the host's: their settings are left alone, and nothing of their accounts is remembered. */
  readonly sessions: Sessions
}

/**
 * Takes part in a transaction that the host has begun. A unit of work runs in a savepoint, from its begin to its end
 * without yielding to the event loop, so that nothing of the host's slips into what may be taken back.
 */
export function joinTransaction(transaction: object, joining: Joining): JoinedTransaction {
  const { runtime, busyDeadlineMs, checkOpen, sessions } = joining
  const connection = hostTransaction(transaction)

  /** Does what does not await as soon as the database lets it. */
  async function use<Result>(run: (database: SqliteDatabase) => Result): Promise<Result> {
    return inTurn(await connection(), async () => {
      const attempt = async (): Promise<Result> => {
        checkOpen()
        // While others had their turn, the transaction may have ended.
        const database = await connection()
        try {
          return withoutBlocking(database, () => run(database))
        } catch (error) {
          if (!database.inTransaction) throw rolledBack(error)
          throw isSnapshotTooOld(error) ? tooOld(error) : error
        }
      }
      return withPatience(runtime, busyDeadlineMs, attempt, stillBusy)
    }).catch((error: unknown) => {
      throw error instanceof LedgerError ? error : storageError(error)
    })
  }

  function runUnit<Result>(database: SqliteDatabase, book: string, work: () => Work<Result>): Result {
    const { statements } = sessions.setUp(database)
    takeWriteLock(statements)
    sessions.ready(database)
    return inSavepoint(database, statements, () => drive(createUnit(statements, book, null), work()))
  }

  return {
    transact: (book, work) => use((database) => runUnit(database, book, work)),
    // The event loop does not go round in here: what others did meanwhile on this connection would join the transaction.
    reads: createReads((read) => use((database) => read(sessions.ready(database).statements))),
  }
}

function tooOld(cause: unknown): LedgerError {
  return transactionHindered('Another connection changed what this one sees as it was before', cause)
}

/** Some failures, such as a full disk, end the whole transaction: what the host wrote next would stand by itself. */
function rolledBack(cause: unknown): LedgerError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The database failed, and has rolled your whole transaction back: ${why}. Mend that, and run the whole of it again.`
  return ledgerError('storage_failed', message, undefined, { cause })
}

function stillBusy(deadlineMs: number, cause: unknown): LedgerError {
  return transactionHindered(`Other connections held the database for ${deadlineMs} ms`, cause)
}
