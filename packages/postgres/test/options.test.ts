import knex from 'knex'
import { Pool } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectClean } from '../../../test/fixtures/balances.js'
import { fundedDeal } from '../../../test/fixtures/deals.js'
import { liveEveryLife } from '../../../test/fixtures/every-life.js'
import { openPostgres } from '../../../test/postgres/open-postgres.js'
import { noteNames } from './fixtures/named-statements.js'
import { openLedger, openStorage } from './fixtures/open.js'

/** Those of plpgsql are there once it was used. */
const settings = `SELECT name, setting FROM pg_settings WHERE name NOT LIKE 'plpgsql.%' ORDER BY name`

describe('a pool of the host', () => {
  it('keeps the books on its only connection, and goes on being the host’s', async () => {
    const { connectionString, schema } = await openPostgres()
    const pool = new Pool({ connectionString, max: 1 })
    onTestFinished(() => pool.end())
    const { ledger, clock } = openLedger(openStorage({ pool, schema }))
    await ledger.migrate()
    await liveEveryLife(ledger, clock)
    await expectClean(ledger)
    await ledger.close()
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    expect(pool.totalCount).toBe(1)
  })

  it('gets its connections back as they were, without listeners or settings of ours', async () => {
    const { connectionString, schema } = await openPostgres()
    const pool = new Pool({ connectionString, max: 1 })
    onTestFinished(() => pool.end())
    const told = async () => {
      const client = await pool.connect()
      const { rows } = await client.query(settings)
      const listeners = client.listenerCount('error')
      client.release()
      return { rows, listeners }
    }
    const before = await told()
    const { ledger } = openLedger(openStorage({ pool, schema }))
    await ledger.migrate()
    await Promise.all(Array.from({ length: 20 }, (_, nth) => fundedDeal(ledger, `deal-${nth}`)))
    expect(await told()).toEqual(before)
  })
})

describe('a knex of the host', () => {
  it('keeps the books on its only connection, and goes on being the host’s', async () => {
    const { connectionString, schema } = await openPostgres()
    const host = knex({ client: 'pg', connection: connectionString, pool: { min: 0, max: 1 } })
    onTestFinished(() => host.destroy())
    const { ledger, clock } = openLedger(openStorage({ knex: host, schema }))
    await ledger.migrate()
    await liveEveryLife(ledger, clock)
    await expectClean(ledger)
    await ledger.close()
    expect((await host.raw('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })
})

describe('a connection string', () => {
  it('opens no more connections than it is told, and closes all of them', async () => {
    const { connectionString, schema, pool } = await openPostgres()
    const url = new URL(connectionString)
    url.searchParams.set('application_name', schema)
    const { ledger } = openLedger(openStorage({ connectionString: url.href, schema, maxConnections: 2 }))
    const count = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = '${schema}'`
    await ledger.migrate()
    await Promise.all(Array.from({ length: 12 }, (_, nth) => fundedDeal(ledger.book(`book-${nth}`), 'deal')))
    expect((await pool.query(count)).rows).toEqual([{ count: 2 }])
    await ledger.close()
    // The server tells a connection as gone a little after it was closed.
    await expect.poll(async () => (await pool.query(count)).rows).toEqual([{ count: 0 }])
  })
})

describe('named statements', () => {
  it('are never sent when they are off, from the first migration to the last read', async () => {
    const opened = await openPostgres()
    const noted = await noteNames(opened)
    const storage = openStorage({ ...noted, schema: opened.schema, namedStatements: false })
    const { ledger, clock } = openLedger(storage)
    await ledger.migrate()
    await liveEveryLife(ledger, clock)
    await expectClean(ledger)
    expect(noted.parsed.length).toBeGreaterThan(100)
    expect(new Set([...noted.parsed, ...noted.bound])).toEqual(new Set(['']))
  })

  it('are one a connection when they are on', async () => {
    const opened = await openPostgres()
    const noted = await noteNames(opened)
    const { ledger } = openLedger(openStorage({ ...noted, schema: opened.schema, maxConnections: 1 }))
    await ledger.migrate()
    await fundedDeal(ledger, 'deal')
    const named = noted.parsed.filter((name) => name !== '')
    expect(named).toEqual([expect.stringMatching(/^ledger_[0-9a-f]{24}$/)])
    expect(noted.bound.filter((name) => name !== '').length).toBeGreaterThan(1)
  })

  it('that the pooler lost are told with what to do', async () => {
    const { pool: host, schema } = await openPostgres()
    const pool = new Pool({ ...host.options, max: 1 })
    onTestFinished(() => pool.end())
    const { ledger } = openLedger(openStorage({ pool, schema }))
    await ledger.migrate()
    await fundedDeal(ledger, 'deal')
    // What a pooler does between two transactions, as far as a client can see.
    await pool.query('DEALLOCATE ALL')
    await expect(fundedDeal(ledger, 'other')).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('namedStatements: false'),
    })
  })
})

describe('times', () => {
  it.each(['busyDeadlineMs', 'lockTimeoutMs', 'statementTimeoutMs'])('as %s are whole milliseconds', (name) => {
    for (const ms of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5; DROP SCHEMA x' as never]) {
      const open = () => openStorage({ connectionString: 'postgres://nowhere', [name]: ms })
      expect(open, String(ms)).toThrow(
        expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(name) }),
      )
    }
  })
})

describe('where the books are', () => {
  it.each([
    ['nothing', {}, 'connectionString'],
    ['no URL, for which pg would take whatever server is near', { connectionString: undefined }, 'connectionString'],
    ['an empty URL', { connectionString: '' }, 'connectionString'],
    ['no pool', { pool: undefined }, 'pool'],
  ])('is refused when it is %s', (_, options, path) => {
    expect(() => openStorage(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', issues: [expect.objectContaining({ path })] }),
    )
  })
})
