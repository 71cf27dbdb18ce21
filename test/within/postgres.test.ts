import { createPostgresStorage } from '@escrow-ledger/postgres'
import { createModelStorage } from '@escrow-ledger/testkit'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger, type Ledger } from 'escrow-ledger'
import { Client, type Pool, type PoolClient } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { inr } from '../fixtures/deals.js'
import { codeOf } from '../fixtures/outcomes.js'
import { beginOn, ledgerOn, openKnex, openOnPostgres } from './hosts.js'

const between = (debited: string, credited: string, amount = '1.00') => ({
  postings: [
    { account: debited, debit: inr(amount) },
    { account: credited, credit: inr(amount) },
  ],
})

const post = between('bank:hdfc', 'opening-balances')

/** Waits until somebody waits for what a transaction holds. */
async function untilWaitedFor(pool: Pool, holder: PoolClient): Promise<void> {
  const pid = await pidOf(holder)
  const waiting = 'select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid))'
  while ((await pool.query(waiting, [pid])).rows.length === 0);
}

async function pidOf(client: PoolClient): Promise<number> {
  return (await client.query('select pg_backend_pid() as pid')).rows[0].pid
}

/** Notes the SQLSTATE of every statement that fails on a connection. */
function watch(client: PoolClient): string[] {
  const states: string[] = []
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>
  const watched = async (...given: unknown[]) => {
    try {
      return await query(...given)
    } catch (error) {
      states.push((error as { code: string }).code)
      throw error
    }
  }
  Object.assign(client, { query: watched })
  onTestFinished(() => void Object.assign(client, { query }))
  return states
}

async function openAccounts(ledger: Ledger, codes: readonly string[]): Promise<void> {
  for (const code of codes) await ledger.accounts.open({ code, currency: 'INR', type: 'asset' })
}

describe('a host on PostgreSQL', () => {
  test('holds rows that 100 posts beside it want, goes on, and is waited for', async () => {
    const opened = await openOnPostgres()
    const { ledger, pool } = opened
    await ledger.journal.post(post)
    const host = await beginOn(opened)
    const states = watch(host.transaction)
    const within = ledger.within(host.transaction)
    await within.journal.post(post)
    const posting = Promise.all(Array.from({ length: 100 }, () => codeOf(ledger.journal.post(post))))
    await untilWaitedFor(pool, host.transaction)
    for (let id = 1; id <= 20; id++) {
      await host.book(id)
      await within.journal.post(post)
    }
    await host.commit()
    expect(new Set(await posting)).toEqual(new Set(['ok']))
    expect(states).toEqual([])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '122.00' })
    await expectClean(ledger)
  })

  test('is given way to by a batch that is in a cycle with it', async () => {
    const opened = await openOnPostgres()
    const { ledger, pool } = opened
    await openAccounts(ledger, ['a', 'b', 'c', 'd'])
    await ledger.journal.post([between('a', 'b'), between('c', 'd')])
    const host = await beginOn(opened)
    const states = watch(host.transaction)
    await ledger.within(host.transaction).journal.post(between('c', 'd'))
    // Locks go in the order in which accounts were opened: the batch holds `a`, and waits for `c`.
    const batch = codeOf(ledger.journal.post(between('a', 'c')))
    await untilWaitedFor(pool, host.transaction)
    await ledger.within(host.transaction).journal.post(between('a', 'b'))
    expect(states.filter((state) => state !== '55P03')).toEqual([])
    await host.commit()
    expect(await batch).toBe('ok')
    expect(await balances(ledger)).toEqual({ 'a INR': '3.00', 'b INR': '-2.00', 'c INR': '1.00', 'd INR': '-2.00' })
    await expectClean(ledger)
  })

  test('is given way to by a batch that closes the cycle when the host is waiting already', async () => {
    const opened = await openOnPostgres()
    const { ledger, pool } = opened
    await openAccounts(ledger, ['a', 'b', 'c', 'd', 'e'])
    await ledger.journal.post([between('a', 'b'), between('c', 'd'), between('e', 'd')])
    const host = await beginOn(opened)
    const states = watch(host.transaction)
    const pid = await pidOf(host.transaction)
    const third = await beginOn(opened)
    await ledger.within(host.transaction).journal.post(between('c', 'd'))
    await ledger.within(third.transaction).journal.post(between('b', 'e'))
    // Holds `a` while it waits for `b`, and is to wait for `c` afterwards.
    const batch = codeOf(ledger.journal.post([between('a', 'b'), between('b', 'c')]))
    await untilWaitedFor(pool, third.transaction)
    let over = false
    const inside = ledger
      .within(host.transaction)
      .journal.post(between('a', 'd'))
      .finally(() => {
        over = true
      })
    while (!over && (await pool.query('select pg_blocking_pids($1) as by', [pid])).rows[0].by.length === 0);
    await third.commit()
    await inside
    expect(states.filter((state) => state !== '55P03')).toEqual([])
    await host.commit()
    expect(await batch).toBe('ok')
    await expectClean(ledger)
  })

  test('is told when others hold what it needs for too long, and can still go on', async () => {
    const opened = await openOnPostgres()
    const { connectionString, schema, ledger, bookings } = opened
    const hasty = await ledgerOn(createPostgresStorage({ connectionString, schema, busyDeadlineMs: 100 }))
    await ledger.journal.post(post)
    const holder = await beginOn(opened)
    await ledger.within(holder.transaction).journal.post(post)
    const host = await beginOn(opened)
    await host.book(1)
    await expect(hasty.within(host.transaction).journal.post(post)).rejects.toMatchObject({
      code: 'storage_busy',
      retryable: true,
      message:
        'Other transactions held what this one needs for 100 ms, so nothing of this call was done. Roll your transaction back, and run the whole of it again.',
      cause: { code: '55P03' },
    })
    await hasty.within(host.transaction).book('eu').journal.post(post)
    await host.book(2)
    await host.commit()
    await holder.rollback()
    expect(await bookings()).toEqual([1, 2])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '1.00' })
    expect(await balances(ledger.book('eu'))).toMatchObject({ 'bank:hdfc INR': '1.00' })
  })

  test('keeps its own settings', async () => {
    const opened = await openOnPostgres()
    const { ledger } = opened
    const names = ['lock_timeout', 'statement_timeout', 'enable_seqscan', 'enable_hashjoin', 'search_path']
    const tell = async (client: PoolClient) =>
      (await client.query(`select ${names.map((name) => `current_setting('${name}')`).join(' || ')} as told`)).rows
    for (const setting of [`SET LOCAL lock_timeout = '7s'`, 'SET enable_seqscan = off', 'SELECT 1']) {
      const host = await beginOn(opened)
      await host.transaction.query(setting)
      const before = await tell(host.transaction)
      const within = ledger.within(host.transaction)
      await within.journal.post(post)
      expect(await tell(host.transaction)).toEqual(before)
      expect(await codeOf(within.escrows.settle({ id: 'none' }))).toBe('escrow_not_found')
      await within.books.get()
      expect(await tell(host.transaction)).toEqual(before)
      await host.transaction.query('RESET enable_seqscan')
      await host.commit()
    }
  })

  test.each(['commit', 'rollback'] as const)(
    'decides with its %s what a call outside under the same key finds',
    async (end) => {
      const opened = await openOnPostgres()
      const { ledger, pool } = opened
      await ledger.journal.post(post)
      const host = await beginOn(opened)
      const inside = await ledger.within(host.transaction).journal.post(post, { idempotencyKey: 'k' })
      const outside = ledger.journal.post(post, { idempotencyKey: 'k' })
      await untilWaitedFor(pool, host.transaction)
      await host[end]()
      const { entry, replayed } = await outside
      expect(replayed).toBe(end === 'commit')
      expect(entry.id === inside.entry.id).toBe(end === 'commit')
      expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '2.00' })
    },
  )

  test('is told that its connection is lost, and keeps nothing', async () => {
    const opened = await openOnPostgres()
    const { connectionString, ledger, pool } = opened
    const client = new Client({ connectionString })
    client.on('error', () => {})
    await client.connect()
    onTestFinished(() => client.end())
    await client.query('BEGIN')
    await ledger.within(client).journal.post(post)
    const { rows } = await client.query('select pg_backend_pid() as pid')
    await pool.query('select pg_terminate_backend($1)', [rows[0].pid])
    await expect(ledger.within(client).journal.post(post)).rejects.toMatchObject({
      code: 'storage_failed',
      retryable: true,
      message: expect.stringMatching(
        /^The connection was lost, and your transaction with it: .+\. Nothing of it is kept; run the whole of it again\.$/,
      ),
    })
    expect(await all(ledger.journal.list())).toEqual([])
  })
})

const changes = [
  { changed: 'an account is posted to', change: (ledger: Ledger) => ledger.journal.post(post) },
  {
    changed: 'an account is opened',
    change: (ledger: Ledger) => ledger.journal.post(between('bank:new', 'equity')),
    command: between('bank:new', 'cash'),
  },
  {
    changed: 'the key is used',
    change: (ledger: Ledger) => ledger.journal.post(between('bank:x', 'equity'), { idempotencyKey: 'k' }),
    command: between('bank:y', 'cash'),
    seen: 'idempotency_key_reused',
  },
  {
    changed: 'the first entry of a book is posted',
    change: (ledger: Ledger) => ledger.book('eu').journal.post(post),
    book: 'eu',
  },
] as const

describe.each(changes)('a transaction that began before $changed', ({ change, ...more }) => {
  const { command = post, book = 'main', seen = 'ok' } = more as { command?: typeof post; book?: string; seen?: string }

  test.each(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])('%s', async (isolation) => {
    const opened = await openOnPostgres()
    const { ledger, bookings } = opened
    await openAccounts(ledger, ['equity', 'cash'])
    await ledger.journal.post(post)

    const outcomes: string[] = []
    for (const attempt of [1, 2]) {
      const host = await beginOn(opened, `BEGIN ISOLATION LEVEL ${isolation}`)
      await host.book(1)
      if (attempt === 1) await change(ledger)
      const outcome = await ledger
        .within(host.transaction)
        .book(book)
        .journal.post(command, { idempotencyKey: 'k' })
        .then(
          () => 'ok',
          (error) => (error.code === 'storage_busy' ? error.message : error.code),
        )
      outcomes.push(outcome)
      if (outcome === 'ok' || outcome === seen) {
        await host.commit()
        break
      }
      await host.rollback()
    }
    const hindered =
      'Another transaction changed what this one sees as it was before, so nothing of this call was done. Roll your transaction back, and run the whole of it again.'
    expect(outcomes).toEqual(isolation === 'READ COMMITTED' ? [seen] : [hindered, seen])
    expect(await bookings()).toEqual([1])
    await expectClean(ledger)
    await expectClean(ledger.book('eu'))
  })
})

describe('what is given to a ledger on PostgreSQL', () => {
  const refused = (message: string) =>
    expect.objectContaining({
      code: 'invalid_input',
      message: `The input is not valid: transaction ${message}.`,
      issues: [{ path: 'transaction', message }],
    })

  test('is refused when it is no transaction of pg', async () => {
    const { ledger, pool, connectionString } = await openOnPostgres()
    const database = new BetterSqlite3(':memory:')
    onTestFinished(() => void database.close())
    const sqlite = openKnex({ client: 'better-sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true })
    const other = await sqlite.transaction()
    onTestFinished(async () => void (await other.rollback()))
    const knex = openKnex({ client: 'pg', connection: connectionString })
    const message = 'must be a client of pg (not a pool) on which you have run BEGIN, or a knex transaction for pg'
    for (const given of [pool, knex, database, other, {}, () => {}, Promise.resolve()]) {
      expect(() => ledger.within(given)).toThrow(refused(message))
    }
  })

  test('is refused when it was not begun, or has failed', async () => {
    const opened = await openOnPostgres()
    const { ledger, pool } = opened
    const client = await pool.connect()
    await expect(ledger.within(client).journal.post(post)).rejects.toEqual(
      refused(
        'must be open, and it is not. Begin it first, and await every call of the ledger before it is committed or rolled back',
      ),
    )
    client.release()
    const host = await beginOn(opened)
    await expect(host.transaction.query('select no_such_column')).rejects.toThrow()
    await expect(ledger.within(host.transaction).journal.post(post)).rejects.toEqual(
      refused(
        'must be one that can go on, and a statement in it has failed. Roll it back, and run the whole of it again',
      ),
    )
    await host.rollback()
  })

  test('is refused by a storage that joins nothing', () => {
    const ledger = createLedger({ storage: createModelStorage() })
    expect(() => ledger.within({})).toThrow(
      'The input is not valid: storage must be one that joins transactions, such as those for PostgreSQL and SQLite.',
    )
  })
})
