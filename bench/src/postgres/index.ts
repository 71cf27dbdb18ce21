import { createPostgresStorage } from '@escrow-ledger/postgres'
import pg from 'pg'
import type { Contender, Entrant } from '../contender.js'
import { createMeasuredLedger } from '../measured-ledger.js'
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
  return createMeasuredLedger(workload, {
    storage: createPostgresStorage({ connectionString, schema }),
    size: () => sizeOf({ connectionString, schema }),
  })
}

/** Bytes of a schema's tables, with their indexes. */
async function sizeOf({ connectionString, schema }: PostgresPlace): Promise<number> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query(
      `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'`,
      [schema],
    )
    return Number(rows[0].bytes)
  } finally {
    await client.end()
  }
}
