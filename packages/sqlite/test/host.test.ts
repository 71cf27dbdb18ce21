import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { type ChangeSet, persist, type Storage, type Work } from 'escrow-ledger'
import knex, { type Knex } from 'knex'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createJournal, type Journal, nothing } from './fixtures/journal.js'
import { migratedStorage, openDatabase, openStorage, temporaryFile } from './fixtures/open.js'
import { loadFrom } from './fixtures/work.js'

/** Posts one entry, worked out when its unit of work has begun; begun again, it is the same entry. */
function post(storage: Storage, journal: Journal): Promise<string> {
  let changes: ChangeSet | undefined
  return storage.transact('main', function* (): Work<string> {
    changes ??= oneEntry(journal)
    return yield* persist(changes, null)
  })
}

function oneEntry(journal: Journal): ChangeSet {
  journal.post({
    lines: [
      { code: 'a', amount: 1n },
      { code: 'b', amount: -1n },
    ],
  })
  return journal.changes()
}

async function hostWithBookings(filename = temporaryFile()) {
  const database = openDatabase(filename)
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE bookings (id INTEGER PRIMARY KEY, status TEXT)')
  const storage = await migratedStorage({ database })
  return { database, storage }
}

function bookings(database: Database): unknown[] {
  return database.prepare('SELECT id FROM bookings ORDER BY id').pluck().all()
}

describe('a connection that the host goes on using', () => {
  it('holds its own transaction across awaits beside 100 units of work, and neither disturbs the other', async () => {
    const { database, storage } = await hostWithBookings()
    const journal = createJournal()
    async function hostWork(): Promise<void> {
      for (let id = 1; id <= 20; id++) {
        // A program that shares a connection takes turns, as the ledger does.
        while (database.inTransaction) await sleep(1)
        database.exec('BEGIN')
        database.prepare('INSERT INTO bookings VALUES (?, ?)').run(id, 'new')
        await sleep(2)
        database.exec(id % 2 ? 'COMMIT' : 'ROLLBACK')
        await sleep(1)
      }
    }
    const posts = Array.from({ length: 100 }, async (_, nth) => {
      await sleep(nth % 40)
      return post(storage, journal)
    })
    const [results] = await Promise.all([Promise.all(posts), hostWork()])
    expect(new Set(results)).toEqual(new Set(['persisted']))
    expect(bookings(database)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
    const account = await storage.reads.account('main', { code: 'a', currency: 'USD' })
    expect(account).toMatchObject({ debitsPosted: 100n, version: 100 })
  })

  it('keeps what the host writes while a unit of work of ours is refused and rolled back', async () => {
    const { database, storage } = await hostWithBookings()
    const refused = storage.transact('main', function* (): Work<void> {
      yield* persist(
        { ...nothing, book: { name: 'main', timeZone: 'UTC', closedThrough: null, hasEntries: false, revision: 1 } },
        null,
      )
      throw new RangeError('not this time')
    })
    for (let id = 1; id <= 50; id++) {
      database.prepare('INSERT INTO bookings VALUES (?, ?)').run(id, 'new')
      await Promise.resolve()
    }
    await expect(refused).rejects.toThrow('not this time')
    expect(bookings(database)).toHaveLength(50)
    await expect(storage.reads.books()).resolves.toEqual([])
  })

  it('fails with storage_busy when its transaction stays open', async () => {
    const database = openDatabase(temporaryFile())
    const storage = await migratedStorage({ database, busyDeadlineMs: 20 })
    database.exec('BEGIN')
    await expect(post(storage, createJournal())).rejects.toMatchObject({ code: 'storage_busy' })
    expect(database.inTransaction).toBe(true)
    database.exec('ROLLBACK')
    await expect(post(storage, createJournal())).resolves.toBe('persisted')
  })

  it('is not read from while its transaction is open, since that may be rolled back', async () => {
    const { database, storage } = await hostWithBookings()
    await post(storage, createJournal())
    database.exec('BEGIN')
    database.exec(`UPDATE ledger_accounts SET version = 7 WHERE code = 'a'`)
    const read = storage.reads.account('main', { code: 'a', currency: 'USD' })
    await sleep(5)
    database.exec('ROLLBACK')
    await expect(read).resolves.toMatchObject({ version: 1 })

    const impatient = openStorage({ database, busyDeadlineMs: 20 })
    database.exec('BEGIN')
    const refusal = { code: 'storage_busy', message: expect.stringContaining('ledger.within') }
    await expect(impatient.reads.books()).rejects.toMatchObject(refusal)
    database.exec('COMMIT')
  })

  it('takes nothing once a newer version has migrated it, even while the unit of work waited for the lock', async () => {
    const filename = temporaryFile()
    const { database, storage } = await hostWithBookings(filename)
    const other = openDatabase(filename, { timeout: 0 })
    other.exec('BEGIN IMMEDIATE')
    const posted = post(storage, createJournal())
    await sleep(5)
    other.exec(`INSERT INTO ledger_migrations (name, batch) VALUES ('9999-newer', 99)`)
    other.exec('CREATE TABLE newer (id INTEGER PRIMARY KEY)')
    other.exec('COMMIT')
    await expect(posted).rejects.toMatchObject({ code: 'schema_newer' })
    expect(database.inTransaction).toBe(false)
    expect(database.prepare('SELECT count(*) FROM ledger_entries').pluck().get()).toBe(0)
  })

  it('is waited for while the host reads from an iterator', async () => {
    const { database, storage } = await hostWithBookings()
    database.exec(`INSERT INTO bookings VALUES (1, 'new'), (2, 'new')`)
    const rows = database.prepare('SELECT id FROM bookings').iterate()
    rows.next()
    setTimeout(() => rows.return?.(), 20)
    await expect(post(storage, createJournal())).resolves.toBe('persisted')
  })

  it('is not stopped by a lock that another connection holds, and keeps its own settings', async () => {
    const filename = temporaryFile()
    const { database, storage } = await hostWithBookings(filename)
    database.pragma('busy_timeout = 4321')
    database.defaultSafeIntegers(false)
    const settings = ['busy_timeout', 'journal_mode', 'synchronous', 'cache_size', 'foreign_keys', 'wal_autocheckpoint']
    const tell = () => settings.map((name) => database.pragma(name, { simple: true }))
    const before = tell()

    const other = openDatabase(filename, { timeout: 0 })
    other.exec('BEGIN IMMEDIATE')
    setTimeout(() => other.exec('COMMIT'), 30)
    const started = performance.now()
    await expect(post(storage, createJournal())).resolves.toBe('persisted')
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(tell()).toEqual(before)
    expect(database.prepare('SELECT 1 AS one').get()).toEqual({ one: 1 })
  })

  it('shows at once what the host changed in the accounts themselves', async () => {
    const { database, storage } = await hostWithBookings()
    const journal = createJournal()
    await post(storage, journal)
    database.exec(`UPDATE ledger_accounts SET frozen = 'all' WHERE code = 'a'`)
    const ref = { code: 'a', currency: 'USD' }
    const loaded = await loadFrom(storage, { accounts: [ref] })
    expect(loaded.accounts.get('USD:a')).toMatchObject({ frozen: 'all' })
  })

  it('is refused when it keeps its texts as UTF-16, whose order is another', async () => {
    const database = openDatabase(':memory:')
    database.pragma('encoding = "UTF-16le"')
    database.exec('CREATE TABLE bookings (id INTEGER PRIMARY KEY)')
    await expect(migratedStorage({ database })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('may be in a journal mode of its own', async () => {
    const filename = temporaryFile()
    const database = openDatabase(filename)
    database.pragma('journal_mode = DELETE')
    const storage = await migratedStorage({ database })
    const reader = openDatabase(filename, { timeout: 0 })
    const rows = reader.prepare('SELECT name FROM ledger_migrations').iterate()
    rows.next()
    // Without a write-ahead log, a reader keeps our COMMIT waiting.
    setTimeout(() => rows.return?.(), 20)
    const journal = createJournal()
    await expect(post(storage, journal)).resolves.toBe('persisted')
    await expect(post(storage, journal)).resolves.toBe('persisted')
    const account = await storage.reads.account('main', { code: 'a', currency: 'USD' })
    expect(account).toMatchObject({ version: 2 })
  })
})

describe('a knex of the host', () => {
  const silent = { warn: () => {}, error: () => {}, deprecate: () => {}, debug: () => {} }

  async function hostKnex(settings: Partial<Knex.Config> = {}): Promise<{ host: Knex; storage: Storage }> {
    const filename = temporaryFile()
    const host = knex({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true, ...settings })
    onTestFinished(() => host.destroy())
    await host.raw('CREATE TABLE bookings (id INTEGER PRIMARY KEY)')
    const storage = await migratedStorage({ knex: host })
    return { host, storage }
  }

  it('is waited for while its transaction is open, and joins nothing to it', async () => {
    const { host, storage } = await hostKnex()
    const journal = createJournal()
    const told: string[] = []
    const transaction = host.transaction(async (open) => {
      await open('bookings').insert({ id: 1 })
      await sleep(30)
      told.push('host')
      throw new RangeError('rolled back')
    })
    await sleep(5)
    const posted = post(storage, journal).then(() => told.push('ledger'))
    await expect(transaction).rejects.toThrow('rolled back')
    await posted
    expect(told).toEqual(['host', 'ledger'])
    await expect(host('bookings')).resolves.toEqual([])
    await expect(storage.reads.account('main', { code: 'a', currency: 'USD' })).resolves.toMatchObject({ version: 1 })
  })

  it('fails a call with storage_busy at the deadline, and keeps its connection', async () => {
    const { host } = await hostKnex()
    const storage = await migratedStorage({ knex: host, busyDeadlineMs: 20 })
    await host.transaction(async (open) => {
      await expect(storage.reads.books()).rejects.toMatchObject({ code: 'storage_busy' })
      await open('bookings').insert({ id: 1 })
    })
    await expect(host('bookings')).resolves.toEqual([{ id: 1 }])
    await expect(storage.reads.books()).resolves.toEqual([])
  })

  it('that gives up waiting for a connection sooner than the ledger does is asked again', async () => {
    const { host, storage } = await hostKnex({ acquireConnectionTimeout: 10, log: silent })
    const open = await host.transaction()
    const posted = post(storage, createJournal())
    await sleep(50)
    await open.rollback()
    await expect(posted).resolves.toBe('persisted')
  })

  it('that was destroyed is told as such', async () => {
    const { host, storage } = await hostKnex()
    await host.destroy()
    await expect(storage.reads.books()).rejects.toMatchObject({ code: 'ledger_closed' })
    await expect(post(storage, createJournal())).rejects.toMatchObject({ code: 'ledger_closed' })
  })

  it('gets its connection back after every unit of work and read', async () => {
    const { host, storage } = await hostKnex()
    const journal = createJournal()
    for (let count = 0; count < 30; count++) await post(storage, journal)
    await Promise.all(Array.from({ length: 30 }, () => storage.reads.books()))
    await storage.close()
    await expect(host('bookings')).resolves.toEqual([])
  })
})
