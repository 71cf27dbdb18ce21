import { writeFileSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import knex from 'knex'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProgram } from './fixtures/child-process.js'
import { createJournal, nothing } from './fixtures/journal.js'
import { migratedStorage, openDatabase, openStorage, temporaryFile } from './fixtures/open.js'
import { write } from './fixtures/work.js'

const migrate = new URL('./fixtures/migrate.process.ts', import.meta.url)
const book = { name: 'main', timeZone: 'Asia/Kolkata', closedThrough: 20_000, hasEntries: false, revision: 3 }

/** Everything that the schema is made of, as SQL. */
function schemaOf(database: Database): string {
  const parts = database.prepare(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'
    ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name`)
  return parts
    .pluck()
    .all()
    .map((sql) => `${sql};\n`)
    .join('\n')
}

describe('the schema', () => {
  it('is the one in schema.sql', async () => {
    const filename = temporaryFile()
    await migratedStorage({ filename })
    await expect(schemaOf(openDatabase(filename))).toMatchFileSnapshot('../schema.sql')
  })

  it('is the same in a file, in memory, on a connection and through knex', async () => {
    const filename = temporaryFile()
    await migratedStorage({ filename })
    const expected = schemaOf(openDatabase(filename))

    const database = openDatabase(':memory:')
    await migratedStorage({ database })
    expect(schemaOf(database)).toBe(expected)

    const given = openDatabase(temporaryFile())
    await migratedStorage({ database: given })
    expect(schemaOf(given)).toBe(expected)

    const viaKnex = temporaryFile()
    const host = knex({ client: 'better-sqlite3', connection: { filename: viaKnex }, useNullAsDefault: true })
    onTestFinished(() => host.destroy())
    await migratedStorage({ knex: host })
    expect(schemaOf(openDatabase(viaKnex))).toBe(expected)
  })
})

describe('migrating', () => {
  it('again changes nothing', async () => {
    const filename = temporaryFile()
    const storage = await migratedStorage({ filename })
    await write(storage, { ...nothing, book })
    await storage.migrate()
    await expect(storage.reads.book('main')).resolves.toEqual(book)
    const database = openDatabase(filename)
    expect(database.prepare('SELECT count(*) FROM ledger_migrations').pluck().get()).toBe(1)
  })

  it('races with itself', async () => {
    const filename = temporaryFile()
    const storages = Array.from({ length: 5 }, () => openStorage({ filename }))
    await Promise.all([...storages, ...storages].map((storage) => storage.migrate()))
    await expect(write(storages[4] as never, { ...nothing, book })).resolves.toBe('persisted')
  })

  it('lets all of several racing processes succeed', async () => {
    const filename = temporaryFile()
    const go = temporaryFile('go')
    const racing = Array.from({ length: 4 }, () => startProgram(migrate, [filename, go]))
    await Promise.all(racing.map((program) => program.wrote('ready')))
    writeFileSync(go, '')
    const ended = await Promise.all(racing.map((program) => program.ended))
    expect(ended.map(({ output }) => output)).toEqual(Array(4).fill('ready\nmigrated\n'))
    const database = openDatabase(filename)
    expect(database.prepare('SELECT name FROM ledger_migrations').pluck().all()).toEqual(['0001-ledger'])
    expect(database.prepare('SELECT is_locked FROM ledger_migrations_lock').pluck().all()).toEqual([0])
  })

  it.each([
    'CREATE TABLE ledger_postings',
    'CREATE TRIGGER ledger_entries_insert',
    'insert into `ledger_migrations`',
    'COMMIT',
  ])('leaves nothing behind when it is killed at: %s', async (killAt) => {
    const filename = temporaryFile()
    const killed = await startProgram(migrate, [filename, '', killAt]).ended
    expect(killed).toEqual({ output: 'ready\n', signal: 'SIGKILL' })
    const database = openDatabase(filename)
    expect(schemaOf(database)).toBe('')
    const storage = await migratedStorage({ filename })
    await expect(write(storage, { ...nothing, book })).resolves.toBe('persisted')
  })

  it('waits for the write lock without stopping the event loop, and gives up in the end', async () => {
    const filename = temporaryFile()
    const other = openDatabase(filename)
    other.pragma('journal_mode = WAL')
    other.exec('BEGIN IMMEDIATE')
    const storage = openStorage({ filename, busyDeadlineMs: 30 })
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'storage_busy', retryable: true })
    other.exec('COMMIT')
    await expect(storage.migrate()).resolves.toBeUndefined()
  })

  it('leaves what the host has in the same database alone', async () => {
    const database = openDatabase(':memory:')
    database.exec('CREATE TABLE accounts (id INTEGER PRIMARY KEY); INSERT INTO accounts VALUES (7)')
    const storage = await migratedStorage({ database })
    const journal = createJournal()
    journal.open('a')
    await write(storage, journal.changes())
    expect(database.prepare('SELECT id FROM accounts').pluck().all()).toEqual([7])
  })
})

describe('a schema that does not fit', () => {
  it('is missing before it was migrated', async () => {
    const storage = openStorage({ filename: ':memory:' })
    const missing = { code: 'schema_missing', message: expect.stringContaining('ledger.migrate()') }
    await expect(storage.reads.books()).rejects.toMatchObject(missing)
    await expect(write(storage, nothing)).rejects.toMatchObject(missing)
  })

  it('is refused when a newer version made it, before and after it was opened', async () => {
    const filename = temporaryFile()
    const storage = await migratedStorage({ filename })
    await write(storage, { ...nothing, book })
    const newer = openDatabase(filename)
    newer.exec(
      `INSERT INTO ledger_migrations (name, batch) VALUES ('9999-newer', 2); CREATE TABLE ledger_newer (id INTEGER)`,
    )

    const refused = { code: 'schema_newer', message: expect.stringContaining('9999-newer') }
    await expect(write(storage, nothing)).rejects.toMatchObject(refused)
    const later = openStorage({ filename })
    await expect(later.reads.books()).rejects.toMatchObject(refused)
    await expect(later.migrate()).rejects.toMatchObject(refused)
  })

  it('is found fit again after the host changed tables of its own', async () => {
    const filename = temporaryFile()
    const storage = await migratedStorage({ filename })
    openDatabase(filename).exec('CREATE TABLE bookings (id INTEGER PRIMARY KEY)')
    await expect(write(storage, { ...nothing, book })).resolves.toBe('persisted')
  })
})
