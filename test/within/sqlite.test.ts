import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { inr } from '../fixtures/deals.js'
import { codeOf } from '../fixtures/outcomes.js'
import { ledgerOn, openKnex, openOnSqlite } from './hosts.js'

const post = {
  postings: [
    { account: 'bank:hdfc', debit: inr('1.00') },
    { account: 'opening-balances', credit: inr('1.00') },
  ],
}

/** Another connection to a file. */
function connect(filename: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(filename, { timeout: 0 })
  onTestFinished(() => void database.close())
  return database
}

/** Lets the event loop go round. */
async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) await new Promise((resolve) => setTimeout(resolve, 1))
}

const hindered = (why: string) => ({
  code: 'storage_busy',
  retryable: true,
  message: `${why}, so nothing of this call was done. Roll your transaction back, and run the whole of it again.`,
})

describe('a host on SQLite', () => {
  test('finds a handle of its connection to work in the transaction that is open there, as the docs say', async () => {
    const { ledger, database } = await openOnSqlite()
    database.exec('BEGIN')
    const within = ledger.within(database)
    await within.journal.post(post)
    database.exec('COMMIT')
    expect(await codeOf(within.journal.post(post))).toBe('invalid_input')
    database.exec('BEGIN')
    await within.journal.post(post)
    database.exec('ROLLBACK')
    expect(await all(ledger.journal.list())).toHaveLength(1)
  })

  test.each(['BEGIN', 'BEGIN IMMEDIATE'])(
    'writes after %s while 100 posts outside wait, and the event loop goes round',
    async (begin) => {
      const { ledger, database, bookings } = await openOnSqlite()
      const posting: Promise<string>[] = []
      database.exec(begin)
      const within = ledger.within(database)
      for (let id = 1; id <= 20; id++) {
        database.prepare('INSERT INTO bookings (id) VALUES (?)').run(id)
        posting.push(...Array.from({ length: 5 }, () => codeOf(ledger.journal.post(post))))
        await within.journal.post(post)
        await rounds(2)
      }
      expect(await all(ledger.journal.list())).toEqual([])
      expect(await all(within.journal.list())).toHaveLength(20)
      database.exec('COMMIT')
      expect(new Set(await Promise.all(posting))).toEqual(new Set(['ok']))
      expect(await bookings()).toHaveLength(20)
      expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '120.00' })
      await expectClean(ledger)
    },
  )

  test('shares one connection with the ledger, whose other commands wait for its COMMIT', async () => {
    const { filename } = await openOnSqlite()
    const database = connect(filename)
    const ledger = await ledgerOn(createSqliteStorage({ database }))
    database.exec('BEGIN')
    const outside = ledger.journal.post(post)
    await ledger.within(database).journal.post(post)
    await rounds(5)
    expect(database.prepare('SELECT count(*) FROM ledger_entries').pluck().get()).toBe(1)
    database.exec('ROLLBACK')
    await outside
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '1.00' })
  })

  test('that has only begun waits for another writer, and goes on from what that wrote', async () => {
    const { filename, ledger, database } = await openOnSqlite()
    const other = connect(filename)
    other.exec('BEGIN IMMEDIATE')
    await ledger.within(other).journal.post(post)
    database.exec('BEGIN')
    const inside = ledger.within(database).journal.post(post)
    await rounds(5)
    other.exec('COMMIT')
    await inside
    database.exec('COMMIT')
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '2.00' })
    await expectClean(ledger)
  })

  test('that has read before another wrote is told to begin again', async () => {
    const { ledger, database, bookings } = await openOnSqlite()
    database.exec('BEGIN')
    expect(await bookings()).toEqual([])
    await ledger.journal.post(post)
    await expect(ledger.within(database).journal.post(post)).rejects.toMatchObject(
      hindered('Another connection changed what this one sees as it was before'),
    )
    database.exec('ROLLBACK; BEGIN')
    await ledger.within(database).journal.post(post)
    database.exec('COMMIT')
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '2.00' })
  })

  test('is told when another holds the database for too long', async () => {
    const { filename, ledger, database } = await openOnSqlite({ busyDeadlineMs: 20 })
    const other = connect(filename)
    other.exec('BEGIN IMMEDIATE')
    database.exec('BEGIN')
    await expect(ledger.within(database).journal.post(post)).rejects.toMatchObject(
      hindered('Other connections held the database for 20 ms'),
    )
    other.exec('COMMIT')
    await ledger.within(database).journal.post(post)
    database.exec('COMMIT')
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '1.00' })
  })

  test('keeps the settings of its connection', async () => {
    const { ledger, database } = await openOnSqlite()
    database.pragma('busy_timeout = 4321')
    database.pragma('synchronous = OFF')
    const settings = ['busy_timeout', 'synchronous', 'cache_size', 'foreign_keys', 'wal_autocheckpoint']
    const tell = () => settings.map((name) => database.pragma(name, { simple: true }))
    const before = tell()
    database.exec('BEGIN')
    await ledger.within(database).journal.post(post)
    expect(await codeOf(ledger.within(database).escrows.settle({ id: 'none' }))).toBe('escrow_not_found')
    database.exec('COMMIT')
    expect(tell()).toEqual(before)
  })

  test('is told when the disk is full, at which SQLite rolls back whatever it wrote itself', async () => {
    const { ledger, database, bookings } = await openOnSqlite()
    database.exec('BEGIN; INSERT INTO bookings (id) VALUES (1)')
    const within = ledger.within(database)
    await within.journal.post(post)
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`)
    const large = Array.from({ length: 100 }, () => ({ ...post, description: '.'.repeat(400) }))
    await expect(within.journal.post(large)).rejects.toMatchObject({
      code: 'storage_failed',
      message:
        'The database failed, and has rolled your whole transaction back: database or disk is full. Mend that, and run the whole of it again.',
      cause: { code: 'SQLITE_FULL' },
    })
    expect(database.inTransaction).toBe(false)
    expect(await bookings()).toEqual([])
    expect(await all(ledger.journal.list())).toEqual([])
  })

  test('cannot await a call inside the transaction function of better-sqlite3, and is told so', async () => {
    const { ledger, database, bookings } = await openOnSqlite()
    const calls: Promise<unknown>[] = []
    database.transaction(() => {
      database.exec('INSERT INTO bookings (id) VALUES (1)')
      calls.push(ledger.within(database).journal.post(post))
    })()
    await expect(calls[0]).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('await every call'),
    })
    expect(await bookings()).toEqual([1])
    expect(await all(ledger.journal.list())).toEqual([])
  })
})

describe('what is given to a ledger on SQLite', () => {
  const refused = (message: string) =>
    expect.objectContaining({
      code: 'invalid_input',
      message: `The input is not valid: transaction ${message}.`,
      issues: [{ path: 'transaction', message }],
    })

  test('is refused when it is no transaction of better-sqlite3', async () => {
    const { ledger, filename } = await openOnSqlite()
    const knex = openKnex({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true })
    const message =
      'must be a database of better-sqlite3 on which you have run BEGIN, or a knex transaction for better-sqlite3'
    for (const given of [knex, { query: () => {} }, {}, () => {}]) {
      expect(() => ledger.within(given)).toThrow(refused(message))
    }
  })

  test('is refused when it was not begun, and when it has no ledger in it', async () => {
    const { ledger, database } = await openOnSqlite()
    await expect(ledger.within(database).journal.post(post)).rejects.toEqual(
      refused(
        'must be open, and it is not. Begin it first, and await every call of the ledger before it is committed or rolled back',
      ),
    )
    const empty = new BetterSqlite3(':memory:')
    onTestFinished(() => void empty.close())
    empty.exec('BEGIN')
    await expect(ledger.within(empty).journal.post(post)).rejects.toMatchObject({ code: 'schema_missing' })
    expect(empty.inTransaction).toBe(true)
  })
})
