import { readFile } from 'node:fs/promises'
import { recordTables } from '@escrow-ledger/sql'
import { Client } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectClean } from '../../../test/fixtures/balances.js'
import { fundedDeal } from '../../../test/fixtures/deals.js'
import { liveEveryLife } from '../../../test/fixtures/every-life.js'
import { postgresDialect } from '../src/dialect.js'
import { createRole, openBooks, openLedger, openStorage } from './fixtures/open.js'

const tables = [...postgresDialect.journalTables, ...Object.values(recordTables).map(({ table }) => table)]
const unchanging = ['ledger_entries', 'ledger_postings', 'ledger_events', 'ledger_idempotency_keys']

async function openAsApp() {
  const books = await openBooks()
  await fundedDeal(books.ledger, 'deal')
  const role = await createRole(books.pool, books)
  const script = await readFile(new URL('../roles.sql', import.meta.url), 'utf8')
  const named = script.replaceAll('"ledger"', `"${books.schema}"`).replaceAll('"ledger_app"', role.name)
  const grant = () => books.pool.query(named)
  await grant()
  const client = new Client(role.connectionString)
  await client.connect()
  onTestFinished(() => client.end())
  return { ...books, role, client, grant }
}

describe('the role of the application', () => {
  it('lives every life of the ledger', async () => {
    const { role, schema } = await openAsApp()
    const { ledger, clock } = openLedger(openStorage({ connectionString: role.connectionString, schema }))
    // There is nothing to do.
    await ledger.migrate()
    await liveEveryLife(ledger, clock)
    await expectClean(ledger)
  })

  it('may do nothing else', async () => {
    const { client, schema } = await openAsApp()
    const s = `"${schema}"`
    const statements = [
      ...unchanging.map((table) => `UPDATE ${s}.${table} SET book = book`),
      ...unchanging.map((table) => `SELECT FROM ${s}.${table} FOR UPDATE`),
      ...[...tables.map(({ name }) => name), 'ledger_migrations', 'ledger_migrations_lock'].flatMap((table) => [
        `DELETE FROM ${s}.${table}`,
        `TRUNCATE ${s}.${table} CASCADE`,
        `ALTER TABLE ${s}.${table} DISABLE TRIGGER ALL`,
        `ALTER TABLE ${s}.${table} ADD COLUMN more integer`,
        `DROP TABLE ${s}.${table}`,
        `CREATE TRIGGER more BEFORE INSERT ON ${s}.${table} FOR EACH ROW EXECUTE FUNCTION ${s}.ledger_refuse()`,
        `CREATE RULE more AS ON INSERT TO ${s}.${table} DO INSTEAD NOTHING`,
      ]),
      `INSERT INTO ${s}.ledger_migrations (name, batch) VALUES ('9999', 1)`,
      `UPDATE ${s}.ledger_migrations SET batch = 2`,
      `CREATE TABLE ${s}.more (id integer)`,
      `CREATE FUNCTION ${s}.more() RETURNS integer LANGUAGE sql RETURN 1`,
      `CREATE OR REPLACE FUNCTION ${s}.ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
      `ALTER FUNCTION ${s}.ledger_refuse() RENAME TO other`,
      `DROP SCHEMA ${s} CASCADE`,
      `ALTER SCHEMA ${s} RENAME TO other`,
      'SET session_replication_role = replica',
    ]
    for (const statement of statements) {
      // A right that is missing is one SQLSTATE; triggers and constraints have others.
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('has a line in the script for every table', async () => {
    const { pool, schema, role, grant } = await openAsApp()
    // It is run after every migration.
    await grant()
    const { rows } = await pool.query(
      `SELECT table_name AS table, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS granted
         FROM information_schema.role_table_grants WHERE grantee = $1 AND table_schema = $2 GROUP BY 1`,
      [role.name, schema],
    )
    const granted = Object.fromEntries(rows.map((row) => [row.table, row.granted]))
    const expected = tables.map(({ name }) => [
      name,
      unchanging.includes(name) ? 'INSERT, SELECT' : 'INSERT, SELECT, UPDATE',
    ])
    expect(granted).toEqual({ ...Object.fromEntries(expected), ledger_migrations: 'SELECT' })
  })

  it('is told what it lacks where the script was not run', async () => {
    const { pool, role, schema } = await openAsApp()
    await pool.query(`REVOKE ALL ON SCHEMA "${schema}" FROM ${role.name}`)
    const { ledger } = openLedger(openStorage({ connectionString: role.connectionString, schema }))
    await expect(fundedDeal(ledger, 'other')).rejects.toMatchObject({
      code: 'storage_refused',
      message: expect.stringContaining('Grant the role what roles.sql of @escrow-ledger/postgres grants.'),
    })
  })
})
