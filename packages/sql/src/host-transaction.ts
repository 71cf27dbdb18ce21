import { type LedgerError, ledgerError } from 'escrow-ledger'

/** A knex transaction, by the members that are used. */
interface KnexTransaction {
  readonly isTransaction?: boolean | undefined
  readonly isCompleted: () => boolean
  readonly client: { readonly driverName: string; acquireConnection(): Promise<unknown> }
}

/**
 * Finds the connection of a knex transaction each time it is called; fails once the transaction is over, since knex
 * lends the connection to others then. Null for what is no transaction of a knex for this driver.
 */
export function knexTransaction<Connection>(
  transaction: object,
  driverName: string,
): (() => Promise<Connection>) | null {
  const { isTransaction, isCompleted, client } = transaction as Partial<KnexTransaction>
  if (isTransaction !== true || !isCompleted || client?.driverName !== driverName) return null
  return async () => {
    if (isCompleted()) throw transactionOver()
    return (await client.acquireConnection()) as Connection
  }
}

/** What was given is not what can be joined. */
export function transactionRefused(message: string, cause?: unknown): LedgerError {
  const issues = [{ path: 'transaction', message }]
  return ledgerError('invalid_input', `The input is not valid: transaction ${message}.`, { issues }, { cause })
}

export function transactionOver(cause?: unknown): LedgerError {
  return transactionRefused(
    'must be open, and it is not. Begin it first, and await every call of the ledger before it is committed or rolled back',
    cause,
  )
}

/** Others were in the way of a call: the whole transaction may pass when it is run again. */
export function transactionHindered(why: string, cause: unknown): LedgerError {
  const message = `${why}, so nothing of this call was done. Roll your transaction back, and run the whole of it again.`
  return ledgerError('storage_busy', message, undefined, { cause })
}
