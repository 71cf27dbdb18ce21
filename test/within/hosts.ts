import { createPostgresStorage } from '@escrow-ledger/postgres'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger, type Ledger, type Storage } from 'escrow-ledger'
import knexModule, { type Knex } from 'knex'
import type { PoolClient } from 'pg'
import { onTestFinished } from 'vitest'
import { START } from '../fixtures/open-ledger.js'
import { temporaryFile } from '../fixtures/temporary-file.js'
import { openPostgres } from '../postgres/open-postgres.js'

/** A transaction that a host has begun, with something of the host's own to write in it. */
export interface HostTransaction {
  readonly transaction: object
  book(id: number): Promise<unknown>
  commit(): Promise<void>
  rollback(): Promise<void>
}

interface OpenHost {
  readonly ledger: Ledger
  begin(): Promise<HostTransaction>
  /** What the host has committed. */
  bookings(): Promise<readonly number[]>
}

export interface Host {
  readonly name: string
  open(): Promise<OpenHost>
}

/** Host and ledger may wait for each other longer than any test makes them. */
const PATIENCE_MS = 30_000

export async function ledgerOn(storage: Storage): Promise<Ledger> {
  const ledger = createLedger({ storage, runtime: { now: () => START } })
  await ledger.migrate()
  onTestFinished(() => ledger.close())
  return ledger
}

/** A knex that ends with the test. */
export function openKnex(config: Knex.Config): Knex {
  const knex = knexModule(config)
  onTestFinished(() => knex.destroy())
  return knex
}

/** A schema with a table of the host's, and the ledger in it on a pool of its own. */
export async function openOnPostgres() {
  const { connectionString, schema, pool } = await openPostgres()
  await pool.query(`create table ${schema}.bookings (id integer primary key, status text)`)
  const storage = createPostgresStorage({ connectionString, schema, busyDeadlineMs: PATIENCE_MS })
  const ledger = await ledgerOn(storage)
  const bookings = async () =>
    (await pool.query(`select id from ${schema}.bookings order by id`)).rows.map(({ id }) => id as number)
  return { connectionString, schema, pool, ledger, bookings }
}

/** A transaction on a client of pg. */
export async function beginOn(
  { pool, schema }: Pick<Awaited<ReturnType<typeof openOnPostgres>>, 'pool' | 'schema'>,
  begin = 'BEGIN',
): Promise<HostTransaction & { readonly transaction: PoolClient }> {
  const client = await pool.connect()
  await client.query(begin)
  let lent = true
  const end = async (statement: string) => {
    if (!lent) return
    lent = false
    try {
      await client.query(statement)
    } finally {
      client.release()
    }
  }
  // What a failed test leaves open would keep the next ones waiting.
  onTestFinished(() => end('ROLLBACK').catch(() => {}))
  return {
    transaction: client,
    book: (id) => client.query(`insert into ${schema}.bookings values ($1)`, [id]),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
  }
}

/** A file with a table of the host's, the host's connection to it, and the ledger on one of its own. */
export async function openOnSqlite({ busyDeadlineMs = PATIENCE_MS }: { busyDeadlineMs?: number } = {}) {
  const filename = temporaryFile()
  const ledger = await ledgerOn(createSqliteStorage({ filename, synchronous: 'NORMAL', busyDeadlineMs }))
  const database = new BetterSqlite3(filename)
  onTestFinished(() => void database.close())
  database.exec('CREATE TABLE bookings (id INTEGER PRIMARY KEY, status TEXT)')
  const bookings = async () => database.prepare('SELECT id FROM bookings ORDER BY id').pluck().all() as number[]
  return { filename, ledger, database, bookings }
}

const throughPg: Host = {
  name: 'a client of pg',
  async open() {
    const opened = await openOnPostgres()
    return { ...opened, begin: () => beginOn(opened) }
  },
}

/** The host's knex for pg, and the ledger on it. */
async function openKnexOnPostgres() {
  const { connectionString, schema, bookings } = await openOnPostgres()
  const knex = openKnex({ client: 'pg', connection: connectionString, searchPath: [schema], pool: { min: 0, max: 4 } })
  const ledger = await ledgerOn(createPostgresStorage({ knex, schema, busyDeadlineMs: PATIENCE_MS }))
  return { knex, ledger, bookings }
}

/** The host's knex for better-sqlite3, and the ledger on it. */
async function openKnexOnSqlite() {
  const { filename, bookings } = await openOnSqlite()
  const knex = openKnex({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true })
  const ledger = await ledgerOn(createSqliteStorage({ knex, busyDeadlineMs: PATIENCE_MS }))
  return { knex, ledger, bookings }
}

export const knexes = [
  { name: 'knex for pg', openKnexLedger: openKnexOnPostgres },
  { name: 'knex for better-sqlite3', openKnexLedger: openKnexOnSqlite },
] as const

const throughSqlite: Host = {
  name: 'a database of better-sqlite3',
  async open() {
    const { ledger, database, bookings } = await openOnSqlite()
    return {
      ledger,
      bookings,
      async begin() {
        database.exec('BEGIN')
        return {
          transaction: database,
          book: async (id) => database.prepare('INSERT INTO bookings (id) VALUES (?)').run(id),
          commit: async () => void database.exec('COMMIT'),
          rollback: async () => void database.exec('ROLLBACK'),
        }
      },
    }
  },
}

const throughKnex: readonly Host[] = knexes.map(({ name, openKnexLedger }) => ({
  name,
  async open() {
    const { knex, ledger, bookings } = await openKnexLedger()
    return { ledger, bookings, begin: () => beginKnex(knex) }
  },
}))

async function beginKnex(knex: Knex): Promise<HostTransaction> {
  const trx = await knex.transaction()
  onTestFinished(async () => {
    if (!trx.isCompleted()) await trx.rollback()
  })
  return {
    transaction: trx,
    book: (id) => trx('bookings').insert({ id }),
    commit: async () => void (await trx.commit()),
    rollback: async () => void (await trx.rollback()),
  }
}

/** Everything that a ledger takes a transaction of. */
export const hosts: readonly Host[] = [throughPg, throughSqlite, ...throughKnex]
