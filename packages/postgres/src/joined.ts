import { inTurn, transactionHindered, transactionOver, transactionRefused } from '@escrow-ledger/sql'
import { type JoinedTransaction, LedgerError, ledgerError, type Runtime, type Work } from 'escrow-ledger'
import { numbersApart } from './account-numbers.js'
import type { PostgresClient } from './client.js'
import { isAway, isLostRace, isSnapshotTooOld, isTransactionFailed, isTransactionOver, storageError } from './errors.js'
import { hostTransaction } from './host-transaction.js'
import { withInsistence } from './patience.js'
import { createReads } from './reads.js'
import { inSavepoint, type Savepoint } from './savepoint.js'
import type { Statements } from './statements.js'
import type { Unit } from './unit.js'
import { runUnit } from './unit-of-work.js'

/** A host's waits are shorter than a batch's, so that two that are in each other's way do not give up in step. */
const PART_OF_WAIT = 0.75

/** What a storage brings into the host's transaction. */
export interface Joining {
  readonly runtime: Runtime
  readonly busyDeadlineMs: number
  readonly lockTimeoutMs: number
  readonly checkOpen: () => void
  /** The connection as the storage uses it: silence ends, and the schema is known to be this version's. */
  readonly attentive: (client: PostgresClient) => PostgresClient
  readonly statementsOn: (client: PostgresClient) => Promise<Statements>
  readonly unitOf: (statements: Statements, bookName: string) => Unit
}

/**
 * Takes part in a transaction that the host has begun: each unit of work, and each read, in a savepoint. Waits for a row
 * are cut below the server's `deadlock_timeout` and begun anew, so that no statement of ours is ever the one that the
 * server ends in a cycle, and with it the host's transaction.
 */
export function joinTransaction(transaction: object, joining: Joining): JoinedTransaction {
  const { runtime, busyDeadlineMs, checkOpen, attentive, statementsOn } = joining
  const connection = hostTransaction(transaction)

  async function use<Result>(
    run: (statements: Statements, at: { savepoint: Savepoint; lockTimeoutMs: number }) => Promise<Result>,
  ): Promise<Result> {
    return inTurn(await connection(), async () => {
      // While others had their turn, the transaction may have ended.
      const client = attentive(await connection())
      const attempt = (leftMs: number): Promise<Result> => {
        checkOpen()
        const lockTimeoutMs = Math.max(1, Math.floor(Math.min(joining.lockTimeoutMs * PART_OF_WAIT, leftMs)))
        return inSavepoint(client, { lockTimeoutMs }, async (savepoint) => {
          try {
            return await run(await statementsOn(client), { savepoint, lockTimeoutMs })
          } catch (error) {
            throw lastingIn(savepoint, error)
          }
        }).catch((error: unknown) => {
          throw isAway(error) ? connectionLost(error) : error
        })
      }
      return withInsistence(runtime, { deadlineMs: busyDeadlineMs, busy: stillBusy }, attempt)
    }).catch((error: unknown) => {
      throw joinedError(error)
    })
  }

  return {
    transact: <Result>(book: string, work: () => Work<Result>) =>
      use((statements, { savepoint, lockTimeoutMs }) => {
        const unit = joining.unitOf(statements, book)
        const nothing = async () => {}
        return runUnit(
          {
            unit: { ...unit, numbers: numbersApart(unit.numbers, runtime), lockTimeoutMs },
            begin: nothing,
            commit: nothing,
            rollback: savepoint.undo,
            autocommits: false,
          },
          work,
        )
      }),
    reads: createReads((read) => use((statements) => read(statements))),
  }
}

/**
 * What no further attempt in the same transaction can help. Where the transaction keeps to one snapshot, that is a row
 * that was changed since, and one that was inserted since: it is in the way without being seen.
 */
function lastingIn({ seesCommits }: Savepoint, error: unknown): unknown {
  const changed = isSnapshotTooOld(error) || (!seesCommits && isLostRace(error))
  if (!changed) return error
  return transactionHindered('Another transaction changed what this one sees as it was before', error)
}

function stillBusy(deadlineMs: number, cause: unknown): LedgerError {
  return transactionHindered(`Other transactions held what this one needs for ${deadlineMs} ms`, cause)
}

function joinedError(error: unknown): unknown {
  if (error instanceof LedgerError) return error
  if (isTransactionOver(error)) return transactionOver(error)
  if (isTransactionFailed(error)) {
    return transactionRefused(
      'must be one that can go on, and a statement in it has failed. Roll it back, and run the whole of it again',
      error,
    )
  }
  return storageError(error)
}

function connectionLost(cause: unknown): LedgerError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The connection was lost, and your transaction with it: ${why}. Nothing of it is kept; run the whole of it again.`
  return ledgerError('storage_failed', message, undefined, { cause })
}
