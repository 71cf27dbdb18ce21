import type { Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { nothing } from './fixtures/journal.js'
import { countingRuntime, migratedStorage, openDatabase, openStorage, temporaryFile } from './fixtures/open.js'
import { write } from './fixtures/work.js'

const book = { name: 'main', timeZone: 'UTC', closedThrough: null, hasEntries: false, revision: 1 }

/** A migrated file and another connection that holds its write lock. */
async function lockedFile(): Promise<{ filename: string; other: Database }> {
  const filename = temporaryFile()
  await migratedStorage({ filename })
  const other = openDatabase(filename, { timeout: 0 })
  other.exec('BEGIN IMMEDIATE')
  return { filename, other }
}

describe('a database that others are writing to', () => {
  it('is tried again, after ever longer waits with jitter, until it is free', async () => {
    const { filename, other } = await lockedFile()
    const runtime = countingRuntime((sleeps) => {
      if (sleeps === 9) other.exec('COMMIT')
    })
    const storage = openStorage({ filename, runtime })
    await expect(write(storage, { ...nothing, book })).resolves.toBe('persisted')
    expect(runtime.sleeps).toHaveLength(9)
    // Half of the wait is certain, and the other half is left to chance, which this runtime makes a half.
    expect(runtime.sleeps.map((ms) => Math.round(ms / 0.75))).toEqual([1, 2, 4, 8, 10, 10, 10, 10, 10])
  })

  it('fails the call with storage_busy at the deadline', async () => {
    const { filename, other } = await lockedFile()
    const runtime = countingRuntime()
    const storage = openStorage({ filename, runtime, busyDeadlineMs: 200 })
    await expect(write(storage, { ...nothing, book })).rejects.toMatchObject({
      code: 'storage_busy',
      retryable: true,
      message: expect.stringContaining('200 ms'),
      cause: { code: 'SQLITE_BUSY' },
    })
    expect(runtime.elapsed()).toBe(200)
    other.exec('COMMIT')
    await expect(write(storage, { ...nothing, book })).resolves.toBe('persisted')
  })

  it('is left alone while the event loop goes on', async () => {
    const { filename, other } = await lockedFile()
    const storage = openStorage({ filename })
    let turns = 0
    const turning = setInterval(() => {
      turns += 1
      if (turns === 5) other.exec('COMMIT')
    }, 5)
    await expect(write(storage, { ...nothing, book })).resolves.toBe('persisted')
    clearInterval(turning)
    expect(turns).toBeGreaterThanOrEqual(5)
  })

  it('can be read meanwhile', async () => {
    const { filename } = await lockedFile()
    const runtime = countingRuntime()
    const storage = openStorage({ filename, runtime })
    await expect(storage.reads.books()).resolves.toEqual([])
    expect(runtime.sleeps).toEqual([])
  })

  it('takes the units of work of several connections in turn', async () => {
    const filename = temporaryFile()
    const storages = await Promise.all(Array.from({ length: 4 }, () => migratedStorage({ filename })))
    const writes = storages.flatMap((storage, nth) =>
      Array.from({ length: 25 }, (_, index) => {
        const name = `book ${nth} ${index}`
        return write(storage, { ...nothing, book: { ...book, name } }, name)
      }),
    )
    expect(new Set(await Promise.all(writes))).toEqual(new Set(['persisted']))
  })
})

describe('a storage that was closed', () => {
  it('takes nothing more', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    await storage.close()
    await storage.close()
    await expect(storage.reads.books()).rejects.toMatchObject({ code: 'ledger_closed' })
    await expect(write(storage, nothing)).rejects.toMatchObject({ code: 'ledger_closed' })
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'ledger_closed' })
  })

  it('says so to those who were waiting', async () => {
    const { filename } = await lockedFile()
    const storage = openStorage({ filename })
    const waiting = write(storage, { ...nothing, book })
    await storage.close()
    await expect(waiting).rejects.toMatchObject({ code: 'ledger_closed' })
  })
})

describe('a file that cannot be opened', () => {
  it('is refused when the storage is made', () => {
    const filename = temporaryFile('no/such/folder/ledger.db')
    const refused = {
      code: 'invalid_input',
      issues: [{ path: 'filename', message: expect.stringContaining('directory') }],
    }
    expect(() => openStorage({ filename })).toThrow(expect.objectContaining(refused))
  })
})

describe('where the books are', () => {
  it.each([
    ['nothing', {}, 'filename'],
    ['no file', { filename: undefined }, 'filename'],
    ['an empty name, which SQLite would take for a database that is thrown away', { filename: ' ' }, 'filename'],
    ['no connection', { database: undefined }, 'database'],
    ['null', { knex: null }, 'knex'],
  ])('is refused when it is %s', (_, options, path) => {
    expect(() => openStorage(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', issues: [expect.objectContaining({ path })] }),
    )
  })
})
