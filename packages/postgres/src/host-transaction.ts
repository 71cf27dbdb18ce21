import { knexTransaction, transactionRefused } from '@escrow-ledger/sql'
import type { PostgresClient } from './client.js'

/** Finds the connection of a transaction that the host has begun. Throws `invalid_input` for what is none. */
export function hostTransaction(transaction: object): () => Promise<PostgresClient> {
  const throughKnex = knexTransaction<PostgresClient>(transaction, 'pg')
  if (throughKnex) return throughKnex
  if (!isClient(transaction)) {
    throw transactionRefused(
      'must be a client of pg (not a pool) on which you have run BEGIN, or a knex transaction for pg',
    )
  }
  return async () => transaction
}

function isClient(transaction: object): transaction is PostgresClient {
  const { query, on, off } = transaction as Partial<PostgresClient>
  // A pool has the same methods, and gives every statement another connection.
  const isPool = 'totalCount' in transaction
  // A knex is a function, and its own `on` listens for its queries.
  return typeof transaction === 'object' && !isPool && [query, on, off].every((member) => typeof member === 'function')
}
