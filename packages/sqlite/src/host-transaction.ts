import { knexTransaction, transactionOver, transactionRefused } from '@escrow-ledger/sql'
import type { SqliteDatabase } from './database.js'

/** Finds the connection of a transaction that the host has begun. Throws `invalid_input` for what is none. */
export function hostTransaction(transaction: object): () => Promise<SqliteDatabase> {
  const throughKnex = knexTransaction<SqliteDatabase>(transaction, 'better-sqlite3')
  if (!throughKnex && !isDatabase(transaction)) {
    throw transactionRefused(
      'must be a database of better-sqlite3 on which you have run BEGIN, or a knex transaction for better-sqlite3',
    )
  }
  return async () => {
    const database = throughKnex ? await throughKnex() : (transaction as SqliteDatabase)
    if (!database.inTransaction) throw transactionOver()
    return database
  }
}

function isDatabase(transaction: object): transaction is SqliteDatabase {
  const { inTransaction, prepare, pragma } = transaction as Partial<SqliteDatabase>
  return typeof inTransaction === 'boolean' && typeof prepare === 'function' && typeof pragma === 'function'
}
