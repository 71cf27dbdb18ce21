import { createPostgresStorage } from '@escrow-ledger/postgres'
import pg from 'pg'
import type { Contender, Entrant } from '../contender.js'
import { createMeasuredLedger, type MeasuredStorage } from '../measured-ledger.js'
import type { MeasurableStorage } from '../storages.js'
import { createByHand } from './by-hand.js'
import { openServer } from './course.js'
import { createFloor } from './floor.js'
import { type PostgresPlace, readPlace } from './place.js'

/** Schemas on one server, which is the benchmark's own unless `DATABASE_URL` names another. */
export const postgres: MeasurableStorage = {
  openCourse: openServer,
  contenders: { ledger: createLedgerOnPostgres, floor: createFloor, 'by hand': createByHand },
}

function createLedgerOnPostgres({ workload, place }: Entrant): Contender {
  const { connectionString, schema } = readPlace(place)
  return createMeasuredLedger(workload, (name) => openSchema({ connectionString, schema: `${schema}_${name}` }))
}

function openSchema(place: PostgresPlace): MeasuredStorage {
  const { connectionString, schema } = place
  return {
    storage: createPostgresStorage({ connectionString, schema }),
    size: () => sizeOf(place),
    remove: () => query(place, `DROP SCHEMA ${schema} CASCADE`).then(() => {}),
  }
}

/** Bytes of a schema's tables, with their indexes. */
async function sizeOf(place: PostgresPlace): Promise<number> {
  const [found] = await query(
    place,
    `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind = 'r' AND relnamespace = '${place.schema}'::regnamespace`,
  )
  return Number(found?.bytes)
}

async function query({ connectionString }: PostgresPlace, sql: string): Promise<readonly { bytes?: string }[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
