import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reads, Runtime, Storage } from 'escrow-ledger'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createJournal, type Journal } from './fixtures/journal.js'
import { countingRuntime, migratedStorage, openDatabase, openStorage, temporaryFile } from './fixtures/open.js'
import { write } from './fixtures/work.js'

/** A journal in which an amount went from `a` to `b`, written to a storage. */
async function written(storage: Storage): Promise<Journal> {
  const journal = createJournal()
  await write(storage, moved(journal))
  return journal
}

function moved(journal: Journal) {
  journal.post({
    lines: [
      { code: 'a', amount: 1n },
      { code: 'b', amount: -1n },
    ],
  })
  return journal.changes()
}

/** What went out of `a` and what came into `b`, with a pause in between. */
async function both(reads: Reads, between: () => Promise<void>): Promise<readonly (bigint | undefined)[]> {
  const a = await reads.account('main', { code: 'a', currency: 'USD' })
  await between()
  const b = await reads.account('main', { code: 'b', currency: 'USD' })
  return [a?.debitsPosted, b?.creditsPosted]
}

/** A file without a write-ahead log, opened by a host, with a ledger of its own. */
async function hostWithRollbackJournal(runtime?: Runtime) {
  const filename = temporaryFile()
  const database = openDatabase(filename)
  expect(database.pragma('journal_mode', { simple: true })).toBe('delete')
  const storage = await migratedStorage({ database, runtime, busyDeadlineMs: 200 })
  return { filename, storage, database }
}

describe('a snapshot of a file with a write-ahead log', () => {
  it('lets everybody write meanwhile', async () => {
    const storage = await migratedStorage({ filename: temporaryFile() })
    const journal = await written(storage)
    const seen = await storage.snapshot((reads) => both(reads, async () => void (await write(storage, moved(journal)))))
    expect(seen).toEqual([1n, 1n])
  })

  it('does not see what the host has not committed, and does not wait for it', async () => {
    const database = openDatabase(temporaryFile())
    database.pragma('journal_mode = WAL')
    const storage = await migratedStorage({ database })
    const journal = await written(storage)
    database.exec('BEGIN')
    await storage.join?.(database).transact('main', function* () {
      yield { step: 'persist', changes: moved(journal), assumed: null, ends: true }
    })
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([1n, 1n])
    database.exec('COMMIT')
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([2n, 2n])
  })

  it('finds the file when the process works in another folder by then', async () => {
    const folder = process.cwd()
    onTestFinished(() => process.chdir(folder))
    const filename = temporaryFile('relative.db')
    process.chdir(filename.slice(0, -'/relative.db'.length))
    const storage = await migratedStorage({ filename: 'relative.db' })
    process.chdir(folder)
    await written(storage)
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([1n, 1n])
  })

  it('is read on the same connection where the host has locked all others out', async () => {
    const database = openDatabase(temporaryFile())
    database.pragma('journal_mode = WAL')
    database.pragma('locking_mode = EXCLUSIVE')
    const storage = await migratedStorage({ database })
    await written(storage)
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([1n, 1n])
  })

  it('opens no second connection through another copy of SQLite than the first', async () => {
    const nativeBinding = temporaryFile('copy.node')
    copyFileSync(
      createRequire(import.meta.url).resolve('better-sqlite3/build/Release/better_sqlite3.node'),
      nativeBinding,
    )
    const database = openDatabase(temporaryFile(), { nativeBinding })
    database.pragma('journal_mode = WAL')
    const storage = await migratedStorage({ database })
    const journal = await written(storage)
    const order: string[] = []
    let writing: Promise<unknown> | undefined
    const seen = await storage.snapshot((reads) =>
      both(reads, async () => {
        writing = write(storage, moved(journal)).then(() => order.push('written'))
        await sleep(5)
        order.push('read')
      }),
    )
    await writing
    expect([seen, order]).toEqual([
      [1n, 1n],
      ['read', 'written'],
    ])
  })

  it('ends with ledger_closed where the storage is closed meanwhile', async () => {
    const storage = await migratedStorage({ filename: temporaryFile() })
    await written(storage)
    const cut = storage.snapshot((reads) => both(reads, () => storage.close()))
    await expect(cut).rejects.toMatchObject({ code: 'ledger_closed' })
  })
})

describe('a snapshot of a database in memory', () => {
  it('lets units of work wait, whatever storage they come from, and readers pass', async () => {
    const database = openDatabase(':memory:')
    const storage = await migratedStorage({ database })
    const other = openStorage({ database })
    const journal = await written(storage)
    const order: string[] = []
    let writing: Promise<unknown> = Promise.resolve()
    const seen = await storage.snapshot((reads) =>
      both(reads, async () => {
        writing = Promise.all([
          write(storage, moved(journal)).then(() => order.push('written')),
          write(other, moved(journal)).then(() => order.push('written by the other')),
        ])
        await other.reads.books()
        await sleep(5)
        order.push('read')
      }),
    )
    await writing
    expect(seen).toEqual([1n, 1n])
    expect(order).toEqual(['read', 'written', 'written by the other'])
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([3n, 3n])
  })

  it('lets what is done in a transaction of the host wait as well', async () => {
    const database = openDatabase(':memory:')
    const storage = await migratedStorage({ database })
    const journal = await written(storage)
    let writing: Promise<unknown> | undefined
    const seen = await storage.snapshot((reads) =>
      both(reads, async () => {
        database.exec('BEGIN')
        writing = storage.join?.(database).transact('main', function* () {
          yield { step: 'persist', changes: moved(journal), assumed: null, ends: true }
        })
        await sleep(5)
      }),
    )
    await writing
    database.exec('COMMIT')
    expect(seen).toEqual([1n, 1n])
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([2n, 2n])
  })

  it('lets writers have their turn however many others wait to read', async () => {
    const storage = await migratedStorage({ database: openDatabase(':memory:'), busyDeadlineMs: 10 })
    const journal = await written(storage)
    let going = true
    const reading = [1, 2].map(async () => {
      while (going) await storage.snapshot((reads) => both(reads, () => sleep(20)))
    })
    await sleep(5)
    for (let post = 0; post < 3; post++) await write(storage, moved(journal))
    going = false
    await Promise.all(reading)
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([4n, 4n])
  })

  it('ends with ledger_closed where the host closes its connection, before or meanwhile', async () => {
    const database = openDatabase(':memory:')
    const storage = await migratedStorage({ database })
    await written(storage)
    const cut = storage.snapshot((reads) => both(reads, async () => void database.close()))
    const next = storage.snapshot((reads) => both(reads, async () => {}))
    await expect(cut).rejects.toMatchObject({ code: 'ledger_closed' })
    await expect(next).rejects.toMatchObject({ code: 'ledger_closed' })
  })

  it('waits for a transaction of the host that is open', async () => {
    const database = openDatabase(':memory:')
    const runtime = countingRuntime((sleeps) => {
      if (sleeps === 3) database.exec('ROLLBACK')
    })
    const storage = await migratedStorage({ database, runtime })
    const journal = await written(storage)
    database.exec('BEGIN')
    await storage.join?.(database).transact('main', function* () {
      yield { step: 'persist', changes: moved(journal), assumed: null, ends: true }
    })
    expect(await storage.snapshot((reads) => both(reads, async () => {}))).toEqual([1n, 1n])
    expect(runtime.sleeps).toHaveLength(3)
  })
})

describe('a snapshot of a file without a write-ahead log', () => {
  it('stops nothing while others have locked the file', async () => {
    const runtime = countingRuntime()
    const { filename, storage, database } = await hostWithRollbackJournal(runtime)
    expect(database.pragma('busy_timeout', { simple: true })).toBe(5_000)
    await written(storage)
    const other = openDatabase(filename)
    other.exec('BEGIN EXCLUSIVE')
    const timeouts: unknown[] = []
    const pragma = database.pragma.bind(database)
    database.pragma = (source, options) => {
      if (!source.startsWith('busy_timeout')) timeouts.push(pragma('busy_timeout', { simple: true }))
      return pragma(source, options)
    }
    await expect(storage.snapshot((reads) => both(reads, async () => {}))).rejects.toMatchObject({
      code: 'storage_busy',
    })
    expect(new Set(timeouts)).toEqual(new Set([0]))
    expect(database.pragma('busy_timeout', { simple: true })).toBe(5_000)
  })

  it('is begun again where others have written meanwhile', async () => {
    const { filename, storage } = await hostWithRollbackJournal(countingRuntime())
    const journal = await written(storage)
    const other = openStorage({ database: openDatabase(filename) })
    let looks = 0
    const seen = await storage.snapshot((reads) =>
      both(reads, async () => {
        looks += 1
        if (looks < 3) await write(other, moved(journal))
      }),
    )
    expect([looks, seen]).toEqual([3, [3n, 3n]])
  })

  it('fails with storage_busy where they never stop', async () => {
    const { filename, storage } = await hostWithRollbackJournal(countingRuntime())
    const journal = await written(storage)
    const other = openStorage({ database: openDatabase(filename) })
    const look = storage.snapshot((reads) => both(reads, async () => void (await write(other, moved(journal)))))
    await expect(look).rejects.toMatchObject({
      code: 'storage_busy',
      message: expect.stringMatching(/200 ms.*journal_mode to WAL/),
    })
    await expect(write(storage, moved(journal))).resolves.toBe('persisted')
  })

  it('keeps nobody from committing, in this process or another', async () => {
    const { filename, storage } = await hostWithRollbackJournal()
    await written(storage)
    const host = openDatabase(filename, { timeout: 0 })
    await storage.snapshot((reads) =>
      both(reads, async () => {
        host.exec('CREATE TABLE IF NOT EXISTS bookings (id INTEGER)')
      }),
    )
    expect(host.prepare('SELECT count(*) FROM bookings').pluck().get()).toBe(0)
  })
})

describe('reads in a transaction of the host', () => {
  it('are in the order in which they were asked for, and let nobody else in between', async () => {
    let elapsed = 0
    let rounds = 0
    const yielding = async () => {
      rounds += 1
    }
    const database = openDatabase(temporaryFile())
    const runtime: Runtime = { ...countingRuntime(), elapsed: () => elapsed, yield: yielding }
    const storage = await migratedStorage({ database, runtime })
    const journal = await written(storage)
    rounds = 0
    database.exec('BEGIN')
    const joined = storage.join?.(database)
    const changes = moved(journal)
    elapsed += 1_000
    const [before] = await Promise.all([
      joined?.reads.account('main', { code: 'a', currency: 'USD' }),
      joined?.transact('main', function* () {
        yield { step: 'persist', changes, assumed: null, ends: true }
      }),
    ])
    database.exec('COMMIT')
    expect([before?.debitsPosted, rounds]).toEqual([1n, 0])
  })
})

describe('reads that go on for long', () => {
  it('let the event loop go round in between', async () => {
    let elapsed = 0
    let rounds = 0
    const filename = temporaryFile()
    const runtime: Runtime = {
      ...countingRuntime(),
      elapsed: () => elapsed,
      yield: async () => {
        rounds += 1
      },
    }
    const storage = await migratedStorage({ filename, runtime })
    await written(storage)
    for (const reads of [storage.reads, null]) {
      rounds = 0
      const use = async (through: Reads) => {
        for (let read = 0; read < 100; read++) {
          elapsed += 1
          await through.book('main')
        }
      }
      await (reads ? use(reads) : storage.snapshot(use))
      expect(rounds).toBe(20)
    }
  })
})
