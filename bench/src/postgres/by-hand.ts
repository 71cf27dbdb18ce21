import type { Pool } from 'pg'
import { callAll } from '../callers.js'
import type { Contender, Entrant } from '../contender.js'
import type { CodeByHand, Slice } from '../workload.js'
import { captureRows, takeRows } from './captured-rows.js'
import { poolOf, readPlace } from './place.js'
import { openScratchLedger, type ScratchLedger } from './scratch-ledger.js'
import { copyTables, dropRules } from './tables.js'
import { type Statement, transactionsOf } from './transactions.js'

const CONNECTIONS = 20

/**
 * What a user would do without a ledger, on 20 connections or as many as there are callers, with one transaction for
 * each call.
 */
export function createByHand(entrant: Entrant): Contender {
  const code = entrant.workload.byHand
  return code ? createOwnCode(entrant, code) : createOwnStatements(entrant)
}

/** A user's own code, on the ledger's tables without triggers and checks. */
function createOwnCode({ workload, place: text }: Entrant, code: CodeByHand): Contender {
  const place = readPlace(text)
  const connections = Math.min(CONNECTIONS, workload.callers)
  const pool = poolOf(place, { connections })
  let scratch: ScratchLedger | undefined
  let book = ''
  let slice: Slice = { first: 0, count: 0 }

  return {
    async setUp() {
      scratch = await openScratchLedger(place, {})
      await workload.setUp(scratch.ledger)
      const { rows } = await scratch.pool.query('SELECT book FROM ledger_books')
      book = rows[0].book
      await dropRules(scratch.pool, place.schema)
    },
    async prepare(count) {
      slice = { first: slice.first + slice.count, count }
      if (scratch) await workload.prepare?.({ ledger: scratch.ledger, slice, callers: workload.callers })
    },
    async run() {
      const started = performance.now()
      const entries = await code.postgres({ pool, book, connections }, slice)
      return { entries, ms: performance.now() - started }
    },
    async forget() {},
    async finish() {
      await scratch?.close()
      await pool.end()
      return noFacts
    },
  }
}

/**
 * The rows that a ledger wrote for each call, in plain statements, where a user's own code would be a ledger of its own:
 * one transaction a call, which locks what it changes. The rows were made before, by a ledger that took one call at a
 * time; so nothing is decided and little is read, and code of a user's own would be slower. Every connection takes its
 * share of the calls in their order.
 */
function createOwnStatements({ workload, place: text }: Entrant): Contender {
  const place = readPlace(text)
  const bare = { ...place, schema: `${place.schema}_bare` }
  const connections = Math.min(CONNECTIONS, workload.callers)
  const pool = poolOf(bare, { connections })
  let scratch: ScratchLedger | undefined
  let slice: Slice = { first: 0, count: 0 }
  let due: { entries: number; transactions: readonly Statement[][] } = { entries: 0, transactions: [] }

  async function take(): Promise<Statement[][]> {
    if (scratch === undefined) throw new Error('What is done by hand was asked for before it was set up.')
    return transactionsOf(await takeRows(scratch.pool, { schema: place.schema, tables: scratch.tables }))
  }

  return {
    async setUp() {
      scratch = await openScratchLedger(place, { maxBatch: 1 })
      const { pool: own, tables, ledger } = scratch
      await copyTables(own, { from: place.schema, to: bare.schema })
      await captureRows(own, { schema: place.schema, tables, updates: true })
      await workload.setUp(ledger)
      await carryOut(pool, await take(), connections)
    },
    async prepare(count) {
      if (scratch === undefined) return
      const { ledger } = scratch
      slice = { first: slice.first + slice.count, count }
      await workload.prepare?.({ ledger, slice, callers: 1 })
      await carryOut(pool, await take(), connections)
      const entries = await workload.run({ ledger, slice, callers: 1 }, (call) => call())
      due = { entries, transactions: await take() }
    },
    async run() {
      const started = performance.now()
      await carryOut(pool, due.transactions, connections)
      return { entries: due.entries, ms: performance.now() - started }
    },
    async forget() {},
    async finish() {
      await scratch?.close()
      await pool.end()
      return noFacts
    },
  }
}

const noFacts = { p50Ms: 0, p99Ms: 0, bytesPerEntry: 0, peakMemoryMb: 0 }

async function carryOut(pool: Pool, transactions: readonly Statement[][], connections: number): Promise<void> {
  const share = Math.ceil(transactions.length / connections)
  await callAll({ count: connections, callers: connections }, async (nth) => {
    const client = await pool.connect()
    try {
      for (const statements of transactions.slice(nth * share, (nth + 1) * share)) {
        for (const { text, values } of statements) await client.query(text, [...values])
      }
    } finally {
      client.release()
    }
  })
}
