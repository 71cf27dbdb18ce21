import { ledgerError, type Step, type Work } from 'escrow-ledger'
import type { SqliteDatabase } from './database.js'
import { isOutcomeUnknown } from './errors.js'
import { findKeys } from './keys.js'
import { loadRecords } from './load.js'
import { persistChanges } from './persist.js'
import type { Sessions } from './session.js'
import { createUnit, type Unit } from './unit.js'

/**
 * Runs a unit of work from BEGIN to COMMIT without ever yielding to the event loop, so that nothing the host does on
 * the same connection can slip in between. BEGIN IMMEDIATE takes the write lock: what is loaded stays as it is.
 */
export function runUnit<Result>(
  database: SqliteDatabase,
  sessions: Sessions,
  { book, work }: { book: string; work: () => Work<Result> },
): Result {
  const { statements, cache } = sessions.setUp(database)
  const unit = createUnit(statements, book, cache)
  statements.write('BEGIN IMMEDIATE').run()
  try {
    // Once nobody else can migrate.
    sessions.ready(database)
    cache?.refresh(statements.read('PRAGMA data_version').get()?.[0] as bigint)
    const result = drive(unit, work())
    commit(unit)
    if (unit.book) cache?.adopt(unit.book.number, unit.accounts)
    return result
  } catch (error) {
    cache?.clear()
    // Some failures (a full disk) end the transaction by themselves.
    if (database.inTransaction) statements.write('ROLLBACK').run()
    throw error
  }
}

/** Runs a unit of work in a transaction that is open. */
export function drive<Result>(unit: Unit, work: Work<Result>): Result {
  try {
    let next = work.next()
    // A step's answer is what the function that yielded it declares; a generator's type cannot say so.
    while (!next.done) next = work.next(answerTo(unit, next.value) as never)
    return next.value
  } finally {
    // Where a step failed, the work ends as well; where it has ended, this changes nothing.
    work.return(undefined as never)
  }
}

function answerTo(unit: Unit, step: Step): unknown {
  switch (step.step) {
    case 'load':
      return loadRecords(unit, step.keys)
    case 'find':
      return findKeys(unit, step.idempotencyKeys)
    case 'persist':
      return persistChanges(unit, step.changes, step.assumed)
  }
}

function commit(unit: Unit): void {
  try {
    unit.statements.write('COMMIT').run()
  } catch (error) {
    if (!isOutcomeUnknown(error)) throw error
    const [idempotencyKey = ''] = unit.hashes.keys()
    throw ledgerError(
      'outcome_unknown',
      'The disk failed at the commit, so it is not known what was written. Call again under the same idempotency key.',
      { idempotencyKey },
      { cause: error },
    )
  }
}
