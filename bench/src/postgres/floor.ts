import type { Pool } from 'pg'
import type { Contender, Entrant } from '../contender.js'
import type { Slice } from '../workload.js'
import { type Columns, captureRows, countCaptured, takeColumns, type Value } from './captured-rows.js'
import { type PostgresPlace, poolOf, readPlace } from './place.js'
import type { Sent } from './recorder.js'
import { openScratchLedger, type ScratchLedger } from './scratch-ledger.js'
import { copyTables, type Table } from './tables.js'

const BATCH = 500
const CONNECTIONS = 2
const entriesTable = 'ledger_entries'
/** What stays as it is once it is written. */
const lasting = [entriesTable, 'ledger_postings', 'ledger_events', 'ledger_idempotency_keys']

interface Prepared {
  readonly scratch: ScratchLedger
  readonly tables: readonly Table[]
  /** Connections on which what is measured is sent. */
  readonly pool: Pool
  readonly insert: string
}

interface Due {
  readonly entries: number
  /** The columns of all tables, batch by batch. */
  readonly batches: readonly Columns[]
  readonly reads: readonly Sent[]
}

/**
 * The rows of entries, postings, events and idempotency keys that a ledger wrote, in batches of 500 entries: each batch
 * is one named statement, sent to one of two connections, on tables with the same indexes and without triggers and
 * checks. A ledger of its own made the rows before, and they were copied out as values, so that what is timed is the
 * writing of these values into arrays, the sending, and the database. Accounts, escrows and other records are not
 * written at all. Where a workload only reads, the reads that this ledger sent are sent again, one after another.
 */
export function createFloor({ workload, place: text }: Entrant): Contender {
  const place = readPlace(text)
  const bare: PostgresPlace = { ...place, schema: `${place.schema}_bare` }
  let prepared: Prepared | undefined
  let slice: Slice = { first: 0, count: 0 }
  let due: Due = { entries: 0, batches: [], reads: [] }

  function ready(): Prepared {
    if (prepared === undefined) throw new Error('The floor was asked for something before it was set up.')
    return prepared
  }

  async function prepare(): Promise<Prepared> {
    const scratch = await openScratchLedger(place, { maxBatch: BATCH, targetMs: 60_000 })
    const tables = scratch.tables.filter(({ name }) => lasting.includes(name))
    await copyTables(scratch.pool, { from: place.schema, to: bare.schema })
    await captureRows(scratch.pool, { schema: place.schema, tables, updates: false })
    return {
      scratch,
      tables,
      pool: poolOf(bare, { connections: CONNECTIONS }),
      insert: insertArrays(bare.schema, tables),
    }
  }

  async function takeBatches(): Promise<Columns[]> {
    const { scratch, tables } = ready()
    const { schema } = place
    const entries = await countCaptured(scratch.pool, schema, entriesTable)
    const parts = Math.max(1, Math.ceil(entries / BATCH))
    const columns = await takeColumns(scratch.pool, { schema, tables, parts })
    const most = Math.max(...[...columns.values()].map((taken) => taken.length))
    return Array.from({ length: most }, (_, nth) =>
      tables.flatMap((table) => columns.get(table)?.[nth] ?? noRows(table)),
    )
  }

  async function insertAll(batches: readonly Columns[]): Promise<void> {
    const { pool, insert } = ready()
    let next = 0
    async function connection(): Promise<void> {
      const client = await pool.connect()
      try {
        while (next < batches.length) {
          await client.query({ name: 'floor', text: insert, values: (batches[next++] ?? []).map(arrayOf) })
        }
      } finally {
        client.release()
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  }

  async function repeat(reads: readonly Sent[]): Promise<void> {
    const client = await ready().pool.connect()
    try {
      for (const read of reads) await client.query(read)
    } finally {
      client.release()
    }
  }

  return {
    async setUp() {
      prepared = await prepare()
      await workload.setUp(prepared.scratch.ledger)
      await insertAll(await takeBatches())
    },
    async prepare(count) {
      const { ledger, take } = ready().scratch
      const callers = workload.floorCallers
      slice = { first: slice.first + slice.count, count }
      await workload.prepare?.({ ledger, slice, callers })
      await insertAll(await takeBatches())
      take()
      const entries = await workload.run({ ledger, slice, callers }, (call) => call())
      const batches = await takeBatches()
      const sent = take()
      due = { entries, batches, reads: batches.length === 0 ? sent : [] }
    },
    async run() {
      const { entries, batches, reads } = due
      const started = performance.now()
      if (reads.length > 0) await repeat(reads)
      else await insertAll(batches)
      return { entries, ms: performance.now() - started }
    },
    async forget() {},
    async finish() {
      const { scratch, pool } = ready()
      await scratch.close()
      await pool.end()
      return { p50Ms: 0, p99Ms: 0, bytesPerEntry: 0, peakMemoryMb: 0 }
    },
  }
}

function noRows({ columns }: Table): Columns {
  return columns.map(() => [])
}

const special = /["\\]/g

/** An array in PostgreSQL's notation. */
function arrayOf(values: readonly Value[]): string {
  return `{${values.map(elementOf).join(',')}}`
}

function elementOf(value: Value): string | bigint {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? `"${value.replace(special, '\\$&')}"` : value
}

/** One statement that inserts rows into all of the tables, which come as one array a column. */
function insertArrays(schema: string, tables: readonly Table[]): string {
  let parameter = 0
  const inserts = tables.map(({ name, columns }) => {
    const arrays = columns.map(({ type }) => `$${++parameter}::${type}[]`)
    const names = columns.map((column) => `"${column.name}"`)
    return `INSERT INTO ${schema}.${name} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`
  })
  const others = inserts.slice(0, -1).map((insert, nth) => `part_${nth} AS (${insert})`)
  return `WITH ${others.join(', ')} ${inserts.at(-1)}`
}
