import { LedgerError, ledgerError } from 'escrow-ledger'
import { STALE } from './stale-state.js'

/** The SQLSTATE that the server gave; empty for errors that are not the server's. */
function stateOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

const serializationFailure = '40001'
const deadlock = '40P01'
const lockNotAvailable = '55P03'
const uniqueViolation = '23505'
const queryCanceled = '57014'

/** Whether others were in the way: the same unit of work may pass when it is started again. */
export function isBusy(error: unknown): boolean {
  return [serializationFailure, deadlock, lockNotAvailable].includes(stateOf(error))
}

/** Whether somebody else wrote the same row first: an idempotency key, an account, a record. */
export function isLostRace(error: unknown): boolean {
  if (stateOf(error) !== uniqueViolation) return false
  const { table } = error as { readonly table?: unknown }
  return typeof table === 'string' && table.startsWith('ledger_')
}

/** Whether what was assumed of the records does not hold any more. */
export function isStale(error: unknown): boolean {
  return stateOf(error) === STALE
}

/** Classes of states in which the server or the connection to it is gone, or takes nobody for the moment; 25P03 and 25P04 end one that its client left in a transaction. */
const awayClasses = ['08', '25P03', '25P04', '53', '57P', '58']
const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
])

/** Thrown by this package when an answer did not come in time; the connection is good for nothing then. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Whether the server, or the connection to it, is away. */
export function isAway(error: unknown): boolean {
  if (error instanceof NoAnswer) return true
  if (!(error instanceof Error) || error instanceof LedgerError) return false
  const state = stateOf(error)
  if (state !== '') return awayClasses.some((start) => state.startsWith(start))
  if ('code' in error && typeof error.code === 'string' && socketErrors.has(error.code)) return true
  return /Connection terminated|connection (is|was) (closed|lost)|not queryable|timeout exceeded when trying to connect/i.test(
    error.message,
  )
}

/** States that say that there is no ledger in this schema, or an older one. */
const missingStates = new Set(['42P01', '3F000', '42883', '42703'])

export function isSchemaMissing(error: unknown): boolean {
  return missingStates.has(stateOf(error))
}

/** The typed error behind whatever was thrown, with what was thrown as its cause. */
export function storageError(error: unknown): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error
  if (isAway(error)) return awayError(error)
  const state = stateOf(error)
  if (state === '') return error
  if (isSchemaMissing(error)) {
    const message = `The database has no ledger of this version in this schema (${error.message}). Call ledger.migrate() once, when the application starts.`
    return ledgerError('schema_missing', message, undefined, { cause: error })
  }
  if (state === queryCanceled) {
    const message = `The database took longer than statementTimeoutMs allows, and nothing was changed (${error.message}). Try again, or give it longer.`
    return ledgerError('storage_busy', message, undefined, { cause: error })
  }
  const message = `The database refused this, and nothing was changed: ${error.message} (${state}). Where no rule of your own in the database says so, please report it.`
  return ledgerError('storage_refused', message, undefined, { cause: error })
}

export function awayError(cause: unknown) {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The database does not answer, and nothing was changed: ${why}. See that it runs and takes connections, then call again.`
  return ledgerError('storage_failed', message, undefined, { cause })
}

export function busyError(deadlineMs: number, cause: unknown) {
  const message = `The database was in use by others for ${deadlineMs} ms. Try again, or give it longer with busyDeadlineMs.`
  return ledgerError('storage_busy', message, undefined, { cause })
}

/** A unit of work of which nobody knows whether it was committed. */
export function unknownError(idempotencyKey: string, cause: unknown) {
  return ledgerError(
    'outcome_unknown',
    'The connection was lost at the commit, so it is not known what was written. Call again under the same idempotency key.',
    { idempotencyKey },
    { cause },
  )
}
