import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import knex from 'knex'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bundle, outputOf } from '../../../test/fixtures/child-process.js'
import { fundedDeal } from '../../../test/fixtures/deals.js'
import { temporaryFile } from '../../../test/fixtures/temporary-file.js'
import { openPostgres, type PostgresVersion } from '../../../test/postgres/open-postgres.js'
import { dumpSchema } from './fixtures/dump-schema.js'
import { createRole, openBooks, openLedger, openStorage } from './fixtures/open.js'

const migrate = bundle('../packages/postgres/test/fixtures/migrate.process.ts')

/** A schema that nothing was made in, not even itself. */
async function openNothing(version?: PostgresVersion) {
  const opened = await openPostgres({ version })
  const { pool, schema } = opened
  await pool.query(`DROP SCHEMA "${schema}"`)
  // Whoever drops it when the test is finished must find it.
  onTestFinished(async () => void (await pool.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`)))
  return opened
}

async function works(options: { connectionString: string; schema: string }): Promise<void> {
  const { ledger } = openLedger(openStorage(options))
  await fundedDeal(ledger, 'deal')
  expect(await ledger.verify()).toMatchObject({ ok: true })
}

describe('the schema', () => {
  it.each<PostgresVersion>([18, 14])('is the one in schema.sql, on PostgreSQL %i', async (version) => {
    const opened = await openNothing(version)
    await openStorage(opened).migrate()
    await expect(await dumpSchema(opened.pool, opened.schema)).toMatchFileSnapshot('../schema.sql')
  })

  it('can be made by schema.sql', async () => {
    const { pool, schema } = await openPostgres()
    const file = await readFile(new URL('../schema.sql', import.meta.url), 'utf8')
    await pool.query(file.replaceAll('ledger.', `"${schema}".`))
    expect(await dumpSchema(pool, schema)).toBe(file)
  })

  it('is the same through a pool and through knex', async () => {
    const expected = await readFile(new URL('../schema.sql', import.meta.url), 'utf8')
    const { connectionString, schema, pool } = await openNothing()
    await openStorage({ pool, schema }).migrate()
    expect(await dumpSchema(pool, schema)).toBe(expected)

    const second = await openNothing()
    const host = knex({ client: 'pg', connection: connectionString, searchPath: ['nowhere'] })
    onTestFinished(() => host.destroy())
    await openStorage({ knex: host, schema: second.schema }).migrate()
    expect(await dumpSchema(pool, second.schema)).toBe(expected)
  })

  it('has any name that needs no more than quotes, and two have nothing to do with each other', async () => {
    const { connectionString, pool } = await openPostgres()
    const names = [`Ledger_${Date.now()}_ABC`, `select_${Date.now()}`, '_'.repeat(63)]
    onTestFinished(async () => {
      for (const name of names) await pool.query(`DROP SCHEMA IF EXISTS "${name}" CASCADE`)
    })
    for (const schema of names) {
      const { ledger } = openLedger(openStorage({ connectionString, schema, maxConnections: 1 }))
      await ledger.migrate()
      await fundedDeal(ledger, 'deal')
      expect((await ledger.verify()).ok).toBe(true)
    }
    const counts = names.map((name) => `SELECT count(*)::int AS count FROM "${name}".ledger_escrows`)
    expect((await pool.query(counts.join(' UNION ALL '))).rows).toEqual(names.map(() => ({ count: 1 })))
  })

  it.each(['', '1st', 'a"; DROP SCHEMA x; --', 'ünder', 'a'.repeat(64), 'a.b'])('has no such name as %j', (schema) => {
    expect(() => openStorage({ connectionString: 'postgres://nowhere', schema })).toThrow('schema must begin with')
  })
})

describe('migrating', () => {
  it('again changes nothing', async () => {
    const { ledger, pool, schema } = await openBooks()
    await fundedDeal(ledger, 'deal')
    await ledger.migrate()
    expect(await ledger.escrows.get('deal')).toMatchObject({ id: 'deal' })
    expect((await pool.query(`SELECT name FROM "${schema}".ledger_migrations`)).rows).toEqual([{ name: '0001-ledger' }])
  })

  it('races with itself', async () => {
    const opened = await openNothing()
    const storages = Array.from({ length: 5 }, () => openStorage({ ...opened, maxConnections: 2 }))
    await Promise.all([...storages, ...storages].map((storage) => storage.migrate()))
    await works(opened)
  })

  it('lets all of several racing processes succeed', async () => {
    const { connectionString, schema, pool } = await openNothing()
    const go = temporaryFile('go')
    const { start } = await migrate
    const racing = Array.from({ length: 4 }, () => start([connectionString, schema, go]))
    const outputs = racing.map((child) => outputOf(child))
    await Promise.all(racing.map((child) => new Promise((resolve) => child.stdout?.once('data', resolve))))
    writeFileSync(go, '')
    expect(await Promise.all(outputs)).toEqual(Array(4).fill('ready\nmigrated\n'))
    const { rows } = await pool.query(`SELECT name FROM "${schema}".ledger_migrations`)
    expect(rows).toEqual([{ name: '0001-ledger' }])
  })

  it.each(['pg_advisory_xact_lock', 'CREATE TABLE', 'CREATE TRIGGER', 'insert into', 'COMMIT'])(
    'leaves nothing behind when it is killed at: %s',
    async (killAt) => {
      const { connectionString, schema, pool } = await openNothing()
      const killed = (await migrate).start([connectionString, schema, '', killAt])
      await new Promise((resolve) => killed.once('close', resolve))
      expect(killed.signalCode).toBe('SIGKILL')
      // The next one finds no lock, however long the server takes to see that the other is gone.
      await openStorage({ connectionString, schema }).migrate()
      const locks = `SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())`
      // Others may migrate schemas of their own on this server meanwhile; what is left behind stays.
      await expect.poll(async () => (await pool.query(locks)).rows, { timeout: 30_000 }).toEqual([{ count: 0 }])
      expect((await pool.query(`SELECT is_locked FROM "${schema}".ledger_migrations_lock`)).rows).toEqual([
        { is_locked: 0 },
      ])
      await works({ connectionString, schema })
    },
  )

  it('waits for another migrator, and gives up in the end', async () => {
    const opened = await openNothing()
    const other = await opened.pool.connect()
    onTestFinished(() => other.release(true))
    await other.query('BEGIN; SELECT pg_advisory_xact_lock(7236427711390244181)')
    const storage = openStorage({ ...opened, busyDeadlineMs: 500, lockTimeoutMs: 10 })
    await expect(storage.migrate()).rejects.toMatchObject({
      code: 'storage_busy',
      retryable: true,
      message: expect.stringContaining('Another migrator'),
    })
    const waiting = openStorage(opened).migrate()
    await other.query('COMMIT')
    await waiting
  })

  it('needs no right to make schemas where the schema is there', async () => {
    const { connectionString, schema, pool } = await openPostgres()
    const role = await createRole(pool, { connectionString })
    const storage = openStorage({ ...role, schema: `${schema}_not_there` })
    await expect(storage.migrate()).rejects.toMatchObject({
      code: 'storage_refused',
      message: expect.stringMatching(/permission denied for database.*Grant the role/s),
    })
    await pool.query(`GRANT ALL ON SCHEMA "${schema}" TO ${role.name}`)
    await openStorage({ ...role, schema }).migrate()
    await works({ ...role, schema })
  })

  it('leaves what the host has in the same schema alone', async () => {
    const opened = await openPostgres()
    await opened.pool.query(`CREATE TABLE "${opened.schema}".accounts (id) AS VALUES (7)`)
    await openStorage(opened).migrate()
    await works(opened)
    expect((await opened.pool.query(`SELECT id FROM "${opened.schema}".accounts`)).rows).toEqual([{ id: 7 }])
  })
})

describe('a schema that does not fit', () => {
  it('is missing before it was migrated, and whenever it is dropped', async () => {
    const { connectionString, schema, pool } = await openNothing()
    const { ledger } = openLedger(openStorage({ connectionString, schema }))
    const missing = { code: 'schema_missing', message: expect.stringContaining('ledger.migrate()') }
    await expect(ledger.accounts.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject(missing)
    await expect(fundedDeal(ledger, 'deal')).rejects.toMatchObject(missing)
    await ledger.migrate()
    await fundedDeal(ledger, 'deal')
    await pool.query(`DROP SCHEMA "${schema}" CASCADE`)
    await expect(fundedDeal(ledger, 'other')).rejects.toMatchObject(missing)
    await ledger.migrate()
    await fundedDeal(ledger, 'deal')
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('is refused when a newer version made it', async () => {
    const { connectionString, schema, pool } = await openBooks()
    await pool.query(`INSERT INTO "${schema}".ledger_migrations (name, batch) VALUES ('9999-newer', 2)`)
    const refused = { code: 'schema_newer', message: expect.stringContaining('9999-newer') }
    const { ledger } = openLedger(openStorage({ connectionString, schema }))
    await expect(fundedDeal(ledger, 'deal')).rejects.toMatchObject(refused)
    await expect(ledger.migrate()).rejects.toMatchObject(refused)
  })

  it('is refused when an older version made it', async () => {
    const { connectionString, schema, pool } = await openBooks()
    await pool.query(`DELETE FROM "${schema}".ledger_migrations`)
    const { ledger } = openLedger(openStorage({ connectionString, schema }))
    await expect(fundedDeal(ledger, 'deal')).rejects.toMatchObject({ code: 'schema_missing' })
  })
})
