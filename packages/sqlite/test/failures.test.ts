import { readFileSync, writeFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { type KeyRecord, load, persist, type Work } from 'escrow-ledger'
import { describe, expect, it } from 'vitest'
import { createJournal, nothing } from './fixtures/journal.js'
import { migratedStorage, openDatabase, openStorage, temporaryFile } from './fixtures/open.js'
import { keysOf, loadFrom, write } from './fixtures/work.js'

const ref = { code: 'a', currency: 'USD' }

function transfer(amount: bigint) {
  return {
    lines: [
      { code: 'a', amount },
      { code: 'b', amount: -amount },
    ],
  }
}

describe('a full disk', () => {
  it('fails the unit of work with the cause, leaves nothing of it, and is over when there is room again', async () => {
    const database = openDatabase(temporaryFile())
    const storage = await migratedStorage({ database })
    const journal = createJournal()
    journal.post(transfer(1n))
    await write(storage, journal.changes())

    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`)
    for (let count = 0; count < 500; count++) journal.post(transfer(1n))
    const changes = journal.changes()
    await expect(write(storage, changes)).rejects.toMatchObject({
      code: 'storage_failed',
      kind: 'unavailable',
      retryable: true,
      cause: { code: 'SQLITE_FULL' },
    })
    expect(database.inTransaction).toBe(false)
    await expect(storage.reads.account('main', ref)).resolves.toMatchObject({ version: 1 })

    database.pragma('max_page_count = 100000')
    await expect(write(storage, changes)).resolves.toBe('persisted')
    await expect(storage.reads.account('main', ref)).resolves.toMatchObject({ version: 501 })
  })
})

describe('a database that cannot be used', () => {
  it('fails what would write to it while it is read-only, and lets the rest read', async () => {
    const database = openDatabase(':memory:')
    const storage = await migratedStorage({ database })
    const journal = createJournal()
    journal.post(transfer(1n))
    const changes = journal.changes()
    database.pragma('query_only = ON')
    await expect(write(storage, changes)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/nothing was changed: .+ \(SQLITE_READONLY\)\. Let this process write/),
      cause: { code: 'SQLITE_READONLY' },
    })
    await expect(storage.reads.account('main', ref)).resolves.toBeNull()
    database.pragma('query_only = OFF')
    await expect(write(storage, changes)).resolves.toBe('persisted')
  })

  it('fails when its file is none of SQLite', async () => {
    const filename = temporaryFile()
    writeFileSync(filename, 'sessions,payers,payees\n'.repeat(100))
    const storage = openStorage({ filename })
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'storage_failed', cause: { code: 'SQLITE_NOTADB' } })
    await expect(storage.reads.books()).rejects.toMatchObject({ code: 'storage_failed' })
  })

  it('fails when a page of it is damaged', async () => {
    const filename = temporaryFile()
    const before = openDatabase(filename)
    const journal = createJournal()
    journal.post(transfer(1n))
    await write(await migratedStorage({ database: before }), journal.changes())
    before.close()
    const bytes = readFileSync(filename)
    writeFileSync(filename, bytes.fill(255, 4096))
    const storage = openStorage({ filename })
    await expect(storage.reads.account('main', ref)).rejects.toMatchObject({
      code: 'storage_failed',
      cause: { code: expect.stringMatching(/^SQLITE_CORRUPT/) },
    })
  })

  it.each([
    ['SQLITE_IOERR_WRITE', 'disk I/O error'],
    ['SQLITE_IOERR_SHMSIZE', 'disk I/O error'],
    ['SQLITE_CANTOPEN', 'unable to open database file'],
    ['SQLITE_NOMEM', 'out of memory'],
  ])('tells %s as the failure that it is', async (code, message) => {
    const cause = new BetterSqlite3.SqliteError(message, code)
    const storage = await migratedStorage({ filename: ':memory:' })
    const failing = storage.transact('main', function* (): Work<void> {
      yield* load(keysOf({ accounts: [ref] }))
      throw cause
    })
    await expect(failing).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining(code),
      cause,
    })
  })

  it('is closed for all who use it once its host has closed it', async () => {
    const database = openDatabase(':memory:')
    const storage = await migratedStorage({ database })
    database.close()
    await expect(write(storage, nothing)).rejects.toMatchObject({ code: 'ledger_closed' })
    await expect(storage.reads.books()).rejects.toMatchObject({ code: 'ledger_closed' })
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'ledger_closed' })
  })
})

describe('a unit of work that fails', () => {
  it('leaves nothing behind, in the database or in memory', async () => {
    const storage = await migratedStorage({ filename: temporaryFile() })
    const journal = createJournal()
    const { id } = journal.post(transfer(5n))
    await write(storage, journal.changes())
    const before = await loadFrom(storage, { accounts: [ref], entries: [id] })

    journal.post(transfer(7n))
    const changes = journal.changes()
    const failing = storage.transact('main', function* (): Work<void> {
      yield* load(keysOf({ accounts: [ref] }))
      yield* persist(changes, null)
      throw new RangeError('after all')
    })
    await expect(failing).rejects.toThrow('after all')
    await expect(loadFrom(storage, { accounts: [ref], entries: [id] })).resolves.toEqual(before)
    await expect(write(storage, changes)).resolves.toBe('persisted')
  })

  it('is refused whole for one row that the database refuses', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    const journal = createJournal()
    const key: KeyRecord = { key: 'k', fingerprint: new Uint8Array(16), entry: null, result: '{}' }
    await write(storage, { ...nothing, keys: [key] })
    journal.post(transfer(5n))
    journal.key(key)
    await expect(write(storage, journal.changes())).rejects.toMatchObject({
      code: 'storage_refused',
      kind: 'internal',
      message: expect.stringContaining('idempotency_key_exists (SQLITE_CONSTRAINT_TRIGGER)'),
      cause: { code: 'SQLITE_CONSTRAINT_TRIGGER' },
    })
    await expect(storage.reads.account('main', ref)).resolves.toBeNull()
  })

  it('is refused when it changes what is not there', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    const journal = createJournal()
    journal.open('a')
    journal.changes()
    journal.open('a', { frozen: 'all', revision: 2 })
    await expect(write(storage, journal.changes())).rejects.toMatchObject({ code: 'invariant_violated' })
  })
})

describe('what is kept of accounts between units of work', () => {
  it('gives way to what another connection commits', async () => {
    const filename = temporaryFile()
    const [one, two] = [await migratedStorage({ filename }), await migratedStorage({ filename })]
    const journal = createJournal()
    for (let count = 1; count <= 6; count++) {
      const [writing, reading] = count % 2 ? [one, two] : [two, one]
      journal.post(transfer(1n))
      await write(writing, journal.changes())
      const { accounts } = await loadFrom(reading, { accounts: [ref] })
      expect(accounts.get('USD:a')).toMatchObject({ version: count, debitsPosted: BigInt(count) })
      expect(await loadFrom(writing, { accounts: [ref] })).toMatchObject({ accounts })
    }
  })

  it('tells books apart', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    const [one, two] = [createJournal(), createJournal()]
    for (const [journal, book, amount] of [
      [one, 'one', 3n],
      [two, 'two', 4n],
    ] as const) {
      journal.post(transfer(amount))
      await write(storage, journal.changes(), book)
    }
    for (const [book, debitsPosted] of [
      ['one', 3n],
      ['two', 4n],
      ['one', 3n],
    ] as const) {
      const { accounts } = await loadFrom(storage, { accounts: [ref] }, book)
      expect(accounts.get('USD:a')).toMatchObject({ debitsPosted })
    }
  })
})

describe('postings whose entry never came', () => {
  it('do not stand in the way of the next entry', async () => {
    const database = openDatabase(':memory:')
    const storage = await migratedStorage({ database })
    const journal = createJournal()
    journal.post(transfer(5n))
    await write(storage, journal.changes())
    database.exec(`INSERT INTO ledger_postings (book, entry, line, account, version, amount, balance)
      VALUES (1, 2, 0, 1, 77, 9, 14)`)
    journal.post(transfer(6n))
    await expect(write(storage, journal.changes())).resolves.toBe('persisted')
    const audited = await storage.reads.auditPostings('main', { after: null, limit: 10 })
    expect(audited.filter(({ entry }) => entry === '')).toMatchObject([{ code: 'a', version: 77, amount: 9n }])
  })
})
