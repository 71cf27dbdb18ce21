import type { Reads } from 'escrow-ledger'
import type { PostgresClient } from './client.js'
import { createReads } from './reads.js'
import type { Statements } from './statements.js'

/**
 * Reads in a transaction of their own that sees what was committed when its first statement began. It takes no locks,
 * so that nobody waits for it, and may take as long as it wants as long as it goes on.
 */
export async function readSnapshot<Result>(
  read: (reads: Reads) => Promise<Result>,
  at: { readonly client: PostgresClient; readonly statements: Statements; readonly statementTimeoutMs: number },
): Promise<Result> {
  const { client, statements, statementTimeoutMs } = at
  await client.query(
    [
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      `SET LOCAL statement_timeout = ${statementTimeoutMs}`,
      `SET LOCAL idle_in_transaction_session_timeout = ${statementTimeoutMs}`,
    ].join('; '),
  )
  try {
    const result = await read(createReads((one) => one(statements)))
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
