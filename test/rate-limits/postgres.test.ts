import { createRateLimiter } from '@escrow-ledger/http/rate-limits'
import { createPostgresStorage } from '@escrow-ledger/postgres'
import { createLedger } from 'escrow-ledger'
import { Client, escapeIdentifier, Pool } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openMigrated, openPostgres } from '../postgres/open-postgres.js'

const rules = [
  { operations: ['*'], by: 'address', requests: 3, perSeconds: 600 },
  { operations: ['payouts.*'], by: 'principal', requests: 2, perSeconds: 600 },
  { operations: ['*'], by: 'principal', requests: 9, perSeconds: 600 },
] as const

const chen = { id: 'chen', roles: ['payer'] } as const
const asking = { operation: 'payouts.request', principal: null, address: '203.0.113.7', now: 0 }
const asChen = { ...asking, principal: chen }

describe('rate limits in PostgreSQL', () => {
  test('are those of all processes together', async () => {
    const { pool, schema, connectionString } = await openPostgres()
    const other = new Pool({ connectionString })
    onTestFinished(() => other.end())
    const limiters = [pool, other].map((postgres) => createRateLimiter({ store: { postgres, schema }, rules }))
    // All at once, and so is the making of their table.
    const answers = await Promise.all([...limiters, ...limiters, ...limiters].map((limiter) => limiter.take(asking)))
    expect(answers.filter((answer) => answer?.exceeded)).toHaveLength(3)
    expect(answers.map((answer) => answer?.remaining).sort()).toEqual([0, 0, 0, 0, 1, 2])
    for (const answer of answers) expect(answer?.resetSeconds).toBeGreaterThan(590)
  })

  test('tell the tightest of several, and each principal has its own', async () => {
    const { pool, schema } = await openPostgres()
    const { take } = createRateLimiter({ store: { postgres: pool, schema, table: 'mine' }, rules })
    expect(await take(asChen)).toMatchObject({ limit: 2, remaining: 1, exceeded: false })
    expect(await take(asChen)).toMatchObject({ limit: 2, remaining: 0, exceeded: false })
    expect(await take(asChen)).toMatchObject({ limit: 2, remaining: 0, exceeded: true })
    expect(await take({ ...asChen, operation: 'sessions.get' })).toMatchObject({ limit: 9, remaining: 5 })
    // A quote and letters of every kind are an id like any other.
    expect(await take({ ...asChen, principal: { ...chen, id: `o'brien 名 ${'x'.repeat(110)}` } })).toMatchObject({
      remaining: 1,
    })
    const { rows } = await pool.query(`select count(*)::int as count from ${escapeIdentifier(schema)}.mine`)
    expect(rows).toEqual([{ count: 4 }])
  })

  test('need no right to make tables where theirs is there', async () => {
    const { pool, schema, connectionString } = await openPostgres()
    await createRateLimiter({ store: { postgres: pool, schema }, rules }).take(asking)
    const role = `counter_${schema}`
    await pool.query(`create role ${role}`)
    onTestFinished(async () => {
      await pool.query(`drop owned by ${role}`)
      await pool.query(`drop role ${role}`)
    })
    await pool.query(`grant usage on schema ${schema} to ${role}`)
    await pool.query(`grant select, insert, update, delete on ${schema}.rate_limits to ${role}`)
    const client = new Client({ connectionString })
    await client.connect()
    onTestFinished(() => client.end())
    await client.query(`set role ${role}`)
    await expect(client.query(`create table ${schema}.other ()`)).rejects.toThrow('permission denied')
    const limited = createRateLimiter({ store: { postgres: client, schema }, rules })
    expect(await limited.take(asking)).toMatchObject({ remaining: 1 })
  })

  test('prepare nothing, since behind a pooler the next connection does not know of it', async () => {
    const { pool, schema } = await openPostgres()
    const client = await pool.connect()
    onTestFinished(() => client.release())
    await createRateLimiter({ store: { postgres: client, schema }, rules }).take(asking)
    expect((await client.query('select name from pg_prepared_statements')).rows).toEqual([])
  })

  test('are refused while the database is away, and counted as soon as it is back', async () => {
    const { pool, schema } = await openPostgres()
    let isAway = true
    const postgres = {
      query: async (query: { text: string; values?: unknown[] }) => {
        if (isAway) throw new Error('connect ECONNREFUSED')
        return pool.query(query)
      },
    }
    const { take } = createRateLimiter({ store: { postgres, schema }, rules })
    await expect(take(asking)).rejects.toMatchObject({ status: 503, code: 'limits_unavailable' })
    expect(await take({ ...asking, operation: 'sessions.get' })).toBeNull()
    const lenient = createRateLimiter({ store: { postgres, schema }, rules, whenAway: 'pass' })
    expect(await lenient.take(asking)).toBeNull()
    isAway = false
    expect(await take(asking)).toMatchObject({ remaining: 2 })
  })

  test('stand beside the tables of the ledger, and do not disturb it', async () => {
    const opened = await openMigrated()
    opened.spoil()
    const { take } = createRateLimiter({ store: { postgres: opened.pool, schema: opened.schema }, rules })
    await take(asking)
    const ledger = createLedger({ storage: createPostgresStorage(opened) })
    onTestFinished(() => ledger.close())
    await ledger.migrate()
    expect(await ledger.verify()).toMatchObject({ ok: true })
  })
})
