import { existsSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgres, sharedPostgres, startPostgres } from './open-postgres.js'

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

async function versionOf(connectionString: string): Promise<string> {
  const client = await connect(connectionString)
  const { rows } = await client.query('show server_version')
  return rows[0].server_version
}

describe('the shared server', () => {
  test('is one, whoever asks', async () => {
    const [first, second] = await Promise.all([sharedPostgres(), sharedPostgres()])
    expect(first).toBe(second)
  })

  test('gives each a schema of its own, of which nothing is in anybody’s search path', async () => {
    const { schema, pool } = await openPostgres()
    const { schema: other } = await openPostgres()
    expect(other).not.toBe(schema)
    await pool.query(`create table ${schema}.notes (id int primary key)`)
    await pool.query(`create table ${other}.notes (id int primary key)`)
    await expect(pool.query('select * from notes')).rejects.toMatchObject({ code: '42P01' })
  })

  test.skipIf(process.env.DATABASE_URL)('orders text as a language does', async () => {
    const { pool } = await openPostgres()
    const { rows } = await pool.query(`select t from unnest(array['b', 'B', 'a', '_']) as t order by t`)
    expect(rows.map(({ t }) => t)).toEqual(['_', 'a', 'b', 'B'])
  })

  test('also comes as version 14', async () => {
    const { connectionString } = await openPostgres({ version: 14 })
    expect(await versionOf(connectionString)).toMatch(/^14\./)
  })
})

describe('a schema', () => {
  let schema = ''

  test('is used with a lock left behind', async () => {
    const opened = await openPostgres()
    schema = opened.schema
    await opened.pool.query(`create table ${schema}.notes (id int)`)
    const silent = new Client({ connectionString: opened.connectionString })
    silent.on('error', () => {})
    await silent.connect()
    await silent.query('begin')
    await silent.query(`lock table ${schema}.notes`)
  })

  test('is dropped afterwards all the same', async () => {
    const { pool } = await openPostgres()
    expect(schema).not.toBe('')
    const { rows } = await pool.query('select nspname from pg_namespace where nspname = $1', [schema])
    expect(rows).toEqual([])
  })
})

describe('a server of a test’s own', () => {
  test('keeps what was committed through a crash, on the same port', async () => {
    const server = await startPostgres({ fsync: true, flags: { max_connections: '7' } })
    const { pool, schema } = await openPostgres({ server })
    await pool.query(`create table ${schema}.notes (id int)`)
    await pool.query(`insert into ${schema}.notes values (1)`)
    const open = await connect(server.connectionString)
    await open.query('begin')
    await open.query(`insert into ${schema}.notes values (2)`)
    await server.restart({ mode: 'immediate' })
    await expect(open.query('commit')).rejects.toThrow()
    const { rows } = await pool.query(`select id from ${schema}.notes`)
    expect(rows).toEqual([{ id: 1 }])
    const { rows: settings } = await pool.query(`select current_setting('max_connections') as most`)
    expect(settings).toEqual([{ most: '7' }])
  })

  test('is away while it is halted, and leaves nothing when it is stopped', async () => {
    const server = await startPostgres({ version: 14 })
    expect(await versionOf(server.connectionString)).toMatch(/^14\./)
    await server.halt({ mode: 'fast' })
    await expect(connect(server.connectionString)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.resume()
    expect(await versionOf(server.connectionString)).toMatch(/^14\./)
    await server.stop()
    await expect(connect(server.connectionString)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(existsSync(path.dirname(server.log))).toBe(false)
  })

  test('says what is wrong when it cannot start', async () => {
    await expect(startPostgres({ flags: { max_connections: 'many' } })).rejects.toThrow(/max_connections/)
  })
})
