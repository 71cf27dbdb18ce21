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
const noTransaction = '25P01'
const transactionFailed = '25P02'
const noSavepoint = '3B001'
const noDataFound = 'P0002'
const insufficientPrivilege = '42501'
/** A prepared statement is not there, or is there already. */
const preparedStates = ['26000', '42P05']

/** Whether a transaction's snapshot is too old for what it is about to do: only a new one can. */
export function isSnapshotTooOld(error: unknown): boolean {
  return stateOf(error) === serializationFailure
}

/** Whether no transaction is open on the connection, or no savepoint of ours in it any more. */
export function isTransactionOver(error: unknown): boolean {
  return [noTransaction, noSavepoint].includes(stateOf(error))
}

/** Whether a statement of this transaction failed before, so that it takes no more of them. */
export function isTransactionFailed(error: unknown): boolean {
  return stateOf(error) === transactionFailed
}

/** Whether others were in the way: the same unit of work may pass when it is started again. */
export function isBusy(error: unknown): boolean {
  return [serializationFailure, deadlock, lockNotAvailable].includes(stateOf(error))
}

/**
 * Whether somebody else wrote the same row first: an idempotency key, an account, a record. A row that was to change and
 * is not there counts as well: then somebody else gave its account another number.
 */
export function isLostRace(error: unknown): boolean {
  const state = stateOf(error)
  if (state === noDataFound) return /^[a-z]+_missing$/.test((error as Error).message)
  if (state !== uniqueViolation) return false
  const { table } = error as { readonly table?: unknown }
  return typeof table === 'string' && table.startsWith('ledger_')
}

/** Whether what was assumed of the records does not hold any more. */
export function isStale(error: unknown): boolean {
  return stateOf(error) === STALE
}

/**
 * Starts of states in which the server or the connection to it is gone, or takes nobody for the moment: connection
 * exceptions, no room or memory or connections left, shut down, a fault of its system, one that only reads (a standby,
 * until a connection leads to the new primary), a transaction that the server ended for its idleness or length.
 */
const awayStates = ['08', '53', '57P', '58', '25006', '25P03', '25P04']
const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOENT',
])

/** What drivers say, without a code, of a connection that is no use any more. */
const lostConnection =
  /Connection terminated|connection (is|was) (closed|lost)|not queryable|timeout expired|Query read timeout/i

/** Thrown by this package when an answer did not come in time; the connection is good for nothing then. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Whether the server, or the connection to it, is away. */
export function isAway(error: unknown): boolean {
  if (error instanceof NoAnswer) return true
  if (!(error instanceof Error) || error instanceof LedgerError) return false
  const state = stateOf(error)
  if (state !== '') return awayStates.some((start) => state.startsWith(start))
  if ('code' in error && typeof error.code === 'string' && socketErrors.has(error.code)) return true
  return lostConnection.test(error.message)
}

/** Whether what was sent may have been committed all the same. A server that answers with an ERROR has rolled back. */
export function isUncertain(error: unknown): boolean {
  return isAway(error) && !(error instanceof Error && 'severity' in error && error.severity === 'ERROR')
}

/** Whether a pool, pg's or knex's, gave up waiting for a connection to come free. */
export function isNoneFree(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'KnexTimeoutError' || error.message === 'timeout exceeded when trying to connect'
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
  if (preparedStates.includes(state)) {
    const message = `A prepared statement was lost, and nothing was changed: a pooler gives every transaction another connection (${error.message}). Create the storage with namedStatements: false.`
    return ledgerError('storage_failed', message, undefined, { cause: error })
  }
  const advice =
    state === insufficientPrivilege
      ? 'Grant the role what roles.sql of @escrow-ledger/postgres grants.'
      : 'Where no rule of your own in the database says so, please report it.'
  const message = `The database refused this, and nothing was changed: ${error.message} (${state}). ${advice}`
  return ledgerError('storage_refused', message, undefined, { cause: error })
}

export function awayError(cause: unknown) {
  const state = stateOf(cause)
  const message =
    state === ''
      ? `The database does not answer, and nothing was changed: ${wordsOf(cause)}. See that it runs and takes connections, then call again.`
      : `The database cannot do this at the moment, and nothing was changed: ${wordsOf(cause)} (${state}). See that it runs, has room, takes connections and may write, then call again.`
  return ledgerError('storage_failed', message, undefined, { cause })
}

/** No connection was made, and trying again at once would not help: a password, a name, a certificate. */
export function noConnectionError(cause: unknown) {
  const state = stateOf(cause)
  const message = `The database takes no connection from here: ${wordsOf(cause)}${state && ` (${state})`}. Correct how it is connected to, then call again.`
  return ledgerError('storage_failed', message, undefined, { cause })
}

/** Node gives an error without a message where a host has several addresses and none of them answers. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}

export function noneFreeError(deadlineMs: number) {
  const message = `No connection came free within ${deadlineMs} ms: all of the pool are in use, or the server is slow to take another. Try again, or give the pool more connections.`
  return ledgerError('storage_busy', message)
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
