import { createPostgresStorage } from '@escrow-ledger/postgres'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger, type Ledger, type Storage } from 'escrow-ledger'
import { escapeIdentifier } from 'pg'
import { onTestFinished } from 'vitest'
import { liveEveryLife } from '../fixtures/every-life.js'
import { START } from '../fixtures/open-ledger.js'
import { postgresDatabase } from '../fixtures/postgres-database.js'
import { liveOnRoute, routeGateways } from '../fixtures/route-life.js'
import { sqliteDatabase } from '../fixtures/sqlite-database.js'
import type { TestDatabase } from '../fixtures/test-database.js'
import { createSchema } from '../postgres/open-postgres.js'
import { dropSchema } from '../postgres/schema.js'

/** A book that has been through everything. */
interface LivedBook {
  /** The book as it was left, to be changed at will until the test is finished. */
  readonly openCopy: () => Promise<{ readonly ledger: Ledger; readonly database: TestDatabase }>
  readonly close: () => Promise<void>
}

async function live(storage: Storage): Promise<Ledger> {
  const clock = { now: START }
  const ledger = createLedger({ storage, gateways: routeGateways, runtime: { now: () => clock.now } })
  await ledger.migrate()
  await liveEveryLife(ledger, clock)
  await liveOnRoute(ledger)
  return ledger
}

/** The bytes of a database in memory are its copy. */
async function liveOnSqlite(): Promise<LivedBook> {
  const lived = new BetterSqlite3(':memory:')
  await live(createSqliteStorage({ database: lived }))
  const bytes = lived.serialize()
  lived.close()
  return {
    async openCopy() {
      const database = new BetterSqlite3(bytes)
      onTestFinished(() => void database.close())
      return {
        ledger: createLedger({ storage: createSqliteStorage({ database }) }),
        database: sqliteDatabase(database),
      }
    },
    close: async () => {},
  }
}

/** The rows stay in tables beside those of the ledger, and are put back after each test. */
async function liveOnPostgres(): Promise<LivedBook> {
  const opened = await createSchema()
  const { pool, schema } = opened
  const ledger = await live(createPostgresStorage(opened))

  const { rows } = await pool.query(
    `select tablename from pg_tables where schemaname = $1 and tablename not like 'ledger_migrations%'`,
    [schema],
  )
  const tables = rows.map(({ tablename }) => `${escapeIdentifier(schema)}.${tablename}`)
  await pool.query(tables.map((table) => `create table ${table}_kept as table ${table}`).join(';'))
  const putBack = tables.map((table) => `delete from ${table}; insert into ${table} table ${table}_kept`).join(';')

  return {
    async openCopy() {
      let isSpoilt = false
      const spoil = () => {
        isSpoilt = true
      }
      onTestFinished(async () => {
        if (isSpoilt) await pool.query(putBack)
      })
      return { ledger, database: postgresDatabase({ ...opened, spoil }) }
    },
    async close() {
      await ledger.close()
      await dropSchema(pool, schema)
      await pool.end()
    },
  }
}

interface WayToLive {
  readonly name: string
  readonly live: () => Promise<LivedBook>
  /** How many rows a page has, where each fault is looked for. */
  readonly pageSizes: readonly number[]
}

export const waysToLive: readonly WayToLive[] = [
  { name: 'SQLite', live: liveOnSqlite, pageSizes: [2, 500] },
  // Small pages are many round trips, and what they ask is tried without a fault.
  { name: 'PostgreSQL', live: liveOnPostgres, pageSizes: [500] },
]
