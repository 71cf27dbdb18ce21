import { type Ledger, LedgerError } from 'escrow-ledger'
import { UsageError } from './arguments.js'
import { readSessions } from './sessions-csv.js'

/** Whether a file has a row for a session that can be taken. Reads it up to there. */
export async function isInFile(file: string, { session, now }: { session: string; now: number }): Promise<boolean> {
  for await (const block of readSessions(file, { now })) {
    if (block.some((row) => !('reason' in row) && row.id === session)) return true
  }
  return false
}

export async function isInBooks(ledger: Ledger, session: string): Promise<boolean> {
  try {
    await ledger.escrows.get(session)
    return true
  } catch (error) {
    if (error instanceof LedgerError && (error.kind === 'not_found' || error.kind === 'invalid')) return false
    throw error
  }
}

/** Said before anything is done, since nobody wants to hear it after a long run. */
export const unknownSession = (session: string) =>
  new UsageError(
    `--session must name a session that can be taken from the file, or is in the database: not '${session}'.`,
  )
