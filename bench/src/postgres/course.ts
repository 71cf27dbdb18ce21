import { randomBytes } from 'node:crypto'
import { launchServer } from '@escrow-ledger/postgres-server'
import pg from 'pg'
import type { ContenderKind } from '../contender.js'
import type { Course, RacePlace } from '../storages.js'
import { writePlace } from './place.js'

/**
 * The server that `DATABASE_URL` names, or a PostgreSQL 18 that is started for this run with the settings it comes with,
 * in a temporary folder: what is committed there outlives the machine.
 */
export async function openServer(): Promise<Course> {
  const given = process.env.DATABASE_URL
  if (given) return { openRace: async () => openSchemas(given), close: async () => {} }
  const server = await launchServer({ fsync: true })
  return {
    openRace: async () => openSchemas(server.connectionString),
    close: () => server.stop(),
  }
}

const suffixes: Readonly<Record<ContenderKind, string>> = { ledger: 'ledger', floor: 'floor', 'by hand': 'by_hand' }

/** Fresh schemas, which nobody has analysed. */
function openSchemas(connectionString: string): RacePlace {
  const prefix = `bench_${randomBytes(4).toString('hex')}_`
  return {
    placeOf: (kind) => writePlace({ connectionString, schema: prefix + suffixes[kind] }),
    close: () => dropSchemas(connectionString, prefix),
  }
}

async function dropSchemas(connectionString: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)', [prefix])
    for (const { nspname } of rows) await client.query(`DROP SCHEMA ${pg.escapeIdentifier(nspname)} CASCADE`)
    // The next race must not pay for writing out what this one left in memory.
    await client.query('CHECKPOINT').catch(() => {})
  } finally {
    await client.end()
  }
}
