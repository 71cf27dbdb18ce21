import { createPostgresStorage } from '@escrow-ledger/postgres'
import { type CommitterLimits, createLedger, type Ledger } from 'escrow-ledger'
import type { Pool } from 'pg'
import { type PostgresPlace, poolOf } from './place.js'
import { recorderOver, type Sent } from './recorder.js'
import { type Table, tablesOf } from './tables.js'

/** A ledger whose content only serves to make the rows for another schema. */
export interface ScratchLedger {
  readonly ledger: Ledger
  readonly tables: readonly Table[]
  /** Connections to look at its tables with, and to change them. */
  readonly pool: Pool
  /** What it asked of the database since this was last called. */
  take(): Sent[]
  close(): Promise<void>
}

const CONNECTIONS = 10

export async function openScratchLedger(place: PostgresPlace, limits: CommitterLimits): Promise<ScratchLedger> {
  // Nothing of it has to last.
  const pool = poolOf(place, { connections: CONNECTIONS, settings: { synchronous_commit: 'off' } })
  // Not through the recorder, since migrating asks a connection in ways of its own.
  const migrating = createPostgresStorage(place)
  await migrating.migrate()
  await migrating.close()
  const recorder = recorderOver(pool)
  const storage = createPostgresStorage({ pool: recorder.pool, schema: place.schema })
  const ledger = createLedger({ storage, limits })
  return {
    ledger,
    tables: await tablesOf(pool, place.schema),
    pool,
    take: recorder.take,
    async close() {
      await ledger.close()
      await pool.end()
    },
  }
}
