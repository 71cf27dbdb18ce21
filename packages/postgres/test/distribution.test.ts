import { describe, expect, it, onTestFinished } from 'vitest'
import { openPostgres } from '../../../test/postgres/open-postgres.js'
import { distribution } from '../src/distribute.js'
import { inSchema } from '../src/schema-name.js'
import { openBooks, openStorage } from './fixtures/open.js'

describe('the option citus', () => {
  it('says so where there is no Citus, and changes nothing', async () => {
    const { connectionString, schema, pool } = await openPostgres()
    await pool.query(`DROP SCHEMA "${schema}"`)
    onTestFinished(async () => void (await pool.query(`CREATE SCHEMA "${schema}"`)))
    const storage = openStorage({ connectionString, schema, citus: true })
    await expect(storage.migrate()).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('CREATE EXTENSION citus'),
      issues: [{ path: 'citus' }],
    })
    expect((await pool.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])).rows).toEqual([])
  })

  it('leaves a ledger that is there as it is', async () => {
    const { connectionString, schema, ledger } = await openBooks()
    await ledger.accounts.open({ code: 'a', currency: 'USD', type: 'asset' })
    await expect(openStorage({ connectionString, schema, citus: true }).migrate()).rejects.toThrow('Citus')
    expect(await ledger.accounts.get({ code: 'a', currency: 'USD' })).toMatchObject({ code: 'a' })
  })

  it('distributes every table by its book, all with the first of them', async () => {
    const { schema, pool } = await openBooks()
    const { rows } = await pool.query(
      `SELECT tablename FROM pg_tables WHERE schemaname = $1
      AND tablename NOT LIKE 'ledger_migrations%'`,
      [schema],
    )
    const calls = distribution.flatMap((sql) => [
      ...inSchema(sql, schema).matchAll(
        /create_distributed_table\('"\w+"\.(\w+)', 'book', colocate_with => '([^']*)'\)/g,
      ),
    ])
    expect(calls.map(([, table]) => table).sort()).toEqual(rows.map(({ tablename }) => tablename).sort())
    const [first, ...others] = calls
    expect(first?.[2]).toBe('none')
    expect(new Set(others.map((call) => call[2]))).toEqual(new Set([`"${schema}".${first?.[1]}`]))
  })
})
