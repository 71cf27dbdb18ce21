import { runMigrations } from '@escrow-ledger/sql'
import { LedgerError } from 'escrow-ledger'
import type { Connection } from './connection.js'
import { blockingMs, setBlockingMs } from './database.js'
import { sqliteDialect } from './dialect.js'
import { isHeld } from './hold.js'
import { knexOver } from './knex.js'
import { TAKEN } from './patience.js'
import type { Sessions } from './session.js'

/** Brings the schema up to date, once the connection is free; says that it is taken otherwise. */
export async function migrateOnce(
  connection: Connection,
  sessions: Sessions,
  waitMs: number,
): Promise<typeof TAKEN | undefined> {
  const acquired = await connection.acquireForMigration(waitMs)
  if (acquired === null) return TAKEN
  const { database, release } = acquired
  try {
    if (database.inTransaction || isHeld(database)) return TAKEN
    sessions.setUp(database)
    if (isReady(() => sessions.ready(database))) return undefined
    const timeoutMs = blockingMs(database)
    const knex = knexOver(database)
    setBlockingMs(database, 0)
    try {
      await runMigrations(knex, { dialect: sqliteDialect })
    } finally {
      setBlockingMs(database, timeoutMs)
      await knex.destroy()
    }
    return undefined
  } finally {
    await release()
  }
}

function isReady(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'schema_missing') return false
    throw error
  }
}
