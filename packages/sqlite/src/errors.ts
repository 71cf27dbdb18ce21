import { LedgerError, ledgerError } from 'escrow-ledger'

/** SQLite's name for what went wrong, such as `SQLITE_CONSTRAINT_CHECK`; empty for errors that are not SQLite's. */
function sqliteCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : ''
}

/** Whether the database, or the connection itself, is taken for the moment. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return true
  // A host reads from an iterator on this connection, and better-sqlite3 lets nobody else write meanwhile.
  return error instanceof TypeError && error.message.includes('busy executing a query')
}

/** Whether a transaction that has read cannot write any more, since another connection has written meanwhile. */
export function isSnapshotTooOld(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_BUSY_SNAPSHOT'
}

/** Whether a COMMIT that ended so may have been written all the same. */
export function isOutcomeUnknown(error: unknown): boolean {
  return sqliteCode(error).startsWith('SQLITE_IOERR')
}

/** What concerns the database as a whole, whatever was to be written, and what is to be done about it. */
const failures: readonly (readonly [code: string, advice: string])[] = [
  ['SQLITE_FULL', 'Make room for it'],
  ['SQLITE_IOERR', 'Look after its disk'],
  ['SQLITE_READONLY', 'Let this process write to its file and its folder'],
  ['SQLITE_CANTOPEN', 'Let this process open its file and its folder'],
  ['SQLITE_NOMEM', 'Give this process more memory'],
  ['SQLITE_CORRUPT', 'Restore it from a backup'],
  ['SQLITE_NOTADB', 'Name a file that SQLite made, or a new one'],
]

/** The typed error behind whatever was thrown, with what was thrown as its cause. */
export function storageError(error: unknown): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error
  const code = sqliteCode(error)
  if (error instanceof TypeError && error.message.includes('connection is not open')) {
    const message = 'The connection of this storage was closed. Create another storage.'
    return ledgerError('ledger_closed', message, undefined, { cause: error })
  }
  if (code === '') return error
  const failure = failures.find(([prefix]) => code.startsWith(prefix))
  if (failure) {
    const message = `The database failed, and nothing was changed: ${error.message} (${code}). ${failure[1]}, then call again.`
    return ledgerError('storage_failed', message, undefined, { cause: error })
  }
  const message = `The database refused this, and nothing was changed: ${error.message} (${code}). Where no rule of your own in the database says so, please report it.`
  return ledgerError('storage_refused', message, undefined, { cause: error })
}

export function busyError(deadlineMs: number, cause: unknown) {
  // What nothing was thrown for was found out before anything was asked of the database.
  const message =
    cause === undefined
      ? `The connection was taken for ${deadlineMs} ms, by a transaction that is open on it or by other users of its pool. End that transaction, or take part in it with ledger.within; or give it longer with busyDeadlineMs.`
      : `The database was in use by others for ${deadlineMs} ms. Try again, or give it longer with busyDeadlineMs.`
  return ledgerError('storage_busy', message, undefined, { cause })
}

/** Where a report found no moment of which to read. */
export function noMomentError(deadlineMs: number, cause: unknown) {
  const message = `For ${deadlineMs} ms the database was in use by others, had a transaction open on the connection, or was written to while it was read. Try again; or set journal_mode to WAL, so that reading waits for nobody.`
  return ledgerError('storage_busy', message, undefined, { cause })
}
