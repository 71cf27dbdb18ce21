import path from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import type Database from 'better-sqlite3'
import { type CommitterLimits, createLedger } from 'escrow-ledger'
import type { Contender, Entrant } from '../contender.js'
import type { Slice, Workload } from '../workload.js'
import { bareSchema } from './bare-tables.js'
import { openAsAUserDoes, openAsTheLedgerDoes, openScratch } from './database.js'
import { type Recorded, recorderOver } from './recorder.js'

/** Which of the ledger's statements are carried out again, and how many requests make a transaction. */
interface Manner {
  readonly reads: boolean
  readonly callers: (workload: Workload) => number
  readonly limits: CommitterLimits
  /** Whether what a workload does by hand takes the place of the statements. */
  readonly ownCode: boolean
  readonly open: (file: string) => Database.Database
}

const BATCH = 500

/** The same rows in batches of 500, and nothing else; a workload that only reads reads the same. */
const floor: Manner = {
  reads: false,
  callers: (workload) => workload.floorCallers,
  limits: { maxBatch: BATCH, targetMs: 60_000 },
  ownCode: false,
  open: openAsTheLedgerDoes,
}

/** One transaction for each entry: its reads, then its rows; in a user's own code where a workload has it. */
const byHand: Manner = {
  reads: true,
  callers: () => 1,
  limits: { maxBatch: 1 },
  ownCode: true,
  open: openAsAUserDoes,
}

export const createFloor = (entrant: Entrant): Contender => createRepeated(entrant, floor)
export const createByHand = (entrant: Entrant): Contender => createRepeated(entrant, byHand)

type Bound = readonly [statement: Database.Statement, values: readonly unknown[]]

/**
 * Carries out with prepared statements what a ledger asked of its database, on the same tables without triggers and
 * checks. The ledger runs first, on a scratch database and without being timed; so what is timed is the database alone,
 * without even the making of the values.
 */
function createRepeated({ workload, place }: Entrant, manner: Manner): Contender {
  const scratchFile = path.join(place, 'scratch.db')
  const scratch = openScratch(scratchFile)
  const recorder = recorderOver(scratch)
  const ledger = createLedger({
    storage: createSqliteStorage({ database: recorder.connection }),
    limits: manner.limits,
  })
  const callers = manner.callers(workload)
  const database = manner.open(path.join(place, 'repeated.db'))
  const statements = new Map<string, Database.Statement>()
  const ownCode = manner.ownCode ? workload.byHand?.sqlite : undefined
  let slice: Slice = { first: 0, count: 0 }
  let due: { entries: number; bound: readonly Bound[] } = { entries: 0, bound: [] }

  function bind(recorded: readonly Recorded[], { reads }: { reads: boolean }): Bound[] {
    return recorded
      .filter((each) => reads || !each.reads)
      .flatMap(rowByRow)
      .map(({ sql, values }) => [statementOf(sql), values])
  }

  function statementOf(sql: string): Database.Statement {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare(sql)
    if (made.reader) made.raw(true).safeIntegers(true)
    statements.set(sql, made)
    return made
  }

  return {
    async setUp() {
      // By the file's name, since migrating opens a connection of its own.
      const migrating = createSqliteStorage({ filename: scratchFile })
      await migrating.migrate()
      await migrating.close()
      for (const sql of bareSchema(scratch)) database.exec(sql)
      await workload.setUp(ledger)
      carryOut(bind(recorder.take(), { reads: false }))
    },
    async prepare(count) {
      slice = { first: slice.first + slice.count, count }
      await workload.prepare?.({ ledger, slice, callers })
      carryOut(bind(recorder.take(), { reads: false }))
      if (ownCode) return
      const entries = await workload.run({ ledger, slice, callers }, (call) => call())
      const recorded = recorder.take()
      const writes = recorded.some((each) => !each.reads)
      due = { entries, bound: bind(recorded, { reads: manner.reads || !writes }) }
    },
    async run() {
      const started = performance.now()
      if (ownCode) return { entries: ownCode(database, slice), ms: performance.now() - started }
      carryOut(due.bound)
      return { entries: due.entries, ms: performance.now() - started }
    },
    async forget() {},
    async finish() {
      await ledger.close()
      database.close()
      return { p50Ms: 0, p99Ms: 0, bytesPerEntry: 0, peakMemoryMb: 0 }
    },
  }
}

const severalRows = /^(INSERT .* VALUES )(\((?:\?, )*\?\))(?:, \2)+$/s

/** An insert of several rows as one for each, as a user writes them: how the ledger puts its rows is its own gain. */
function rowByRow(recorded: Recorded): Recorded[] {
  const [, insert, row] = severalRows.exec(recorded.sql) ?? []
  if (insert === undefined || row === undefined) return [recorded]
  const width = row.split(',').length
  const rows = Array.from({ length: recorded.values.length / width }, (_, nth) => nth * width)
  return rows.map((at) => ({ ...recorded, sql: insert + row, values: recorded.values.slice(at, at + width) }))
}

function carryOut(bound: readonly Bound[]): void {
  for (const [statement, values] of bound) {
    if (statement.reader) statement.all(...values)
    else statement.run(...values)
  }
}
