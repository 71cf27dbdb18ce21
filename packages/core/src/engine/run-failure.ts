import { LedgerError } from '../errors/index.js'

/**
 * Whether a failure lies in the one thing that a run was at, so that the run goes on with the others. What is
 * unavailable is so for all of them, and an error that is not the ledger's own says nothing about what it concerns.
 */
export function concernsOneAlone(error: unknown): error is LedgerError {
  return error instanceof LedgerError && error.kind !== 'unavailable'
}
