import { persist, type Storage, type Work } from 'escrow-ledger'
import knex from 'knex'
import { Pool } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fundedDeal } from '../../../test/fixtures/deals.js'
import { openPostgres } from '../../../test/postgres/open-postgres.js'
import { startTcpProxy, statement } from '../../../test/postgres/tcp-proxy.js'
import { createRole, openBooks, openLedger, openStorage } from './fixtures/open.js'
import { lockIn, nothing, openingOf } from './fixtures/work.js'

const away = { code: 'storage_failed', kind: 'unavailable', retryable: true }
const busy = { code: 'storage_busy', kind: 'unavailable', retryable: true }

function open(storage: Storage, code: string): Promise<string> {
  return storage.transact('main', () => persist(openingOf(code), null, { ends: true }))
}

/** A migrated schema behind a proxy. */
async function openBehindProxy() {
  const opened = await openPostgres()
  await openStorage(opened).migrate()
  return { ...opened, direct: opened.connectionString, proxy: await startTcpProxy(opened) }
}

describe('a pool without a free connection', () => {
  const none = { ...busy, message: expect.stringContaining('No connection came free within 100 ms') }

  it('of the host’s', async () => {
    const { connectionString, schema } = await openPostgres()
    const pool = new Pool({ connectionString, max: 1 })
    onTestFinished(() => pool.end())
    const storage = openStorage({ pool, schema, busyDeadlineMs: 100 })
    const patient = openStorage({ pool, schema })
    await patient.migrate()
    const taken = await pool.connect()
    await expect(storage.reads.books()).rejects.toMatchObject(none)
    await expect(open(storage, 'a')).rejects.toMatchObject(none)
    taken.release()
    // What came too late was given back.
    await expect.poll(() => pool.waitingCount).toBe(0)
    expect(await patient.reads.books()).toEqual([])
  })

  it('of the host’s, which has less patience than the ledger', async () => {
    const { connectionString, schema } = await openPostgres()
    const pool = new Pool({ connectionString, max: 1 })
    onTestFinished(() => pool.end())
    await openStorage({ pool, schema }).migrate()
    const taken = await pool.connect()
    onTestFinished(() => taken.release())
    pool.options.connectionTimeoutMillis = 20
    const storage = openStorage({ pool, schema, busyDeadlineMs: 100 })
    await expect(storage.reads.books()).rejects.toMatchObject(none)
  })

  it.each([20, 60_000])('of a knex of the host’s that waits for %i ms', async (acquireConnectionTimeout) => {
    const { connectionString, schema } = await openPostgres()
    const host = knex({
      client: 'pg',
      connection: connectionString,
      pool: { min: 0, max: 1 },
      acquireConnectionTimeout,
    })
    onTestFinished(() => host.destroy())
    const storage = openStorage({ knex: host, schema, busyDeadlineMs: 100 })
    const patient = openStorage({ knex: host, schema })
    await patient.migrate()
    const transaction = await host.transaction()
    await expect(storage.reads.books()).rejects.toMatchObject(none)
    await transaction.rollback()
    expect(await patient.reads.books()).toEqual([])
  })

  it('of the ledger’s own', async () => {
    const { connectionString, schema, pool } = await openPostgres()
    const storage = openStorage({
      connectionString,
      schema,
      maxConnections: 1,
      busyDeadlineMs: 150,
      lockTimeoutMs: 60_000,
    })
    await openStorage({ connectionString, schema }).migrate()
    await openStorage({ connectionString, schema }).reads.books()
    const client = await pool.connect()
    onTestFinished(() => client.release(true))
    await client.query(`BEGIN; LOCK TABLE "${schema}".ledger_books`)
    const waiting = lockIn(storage).catch((error: unknown) => error)
    await expect
      .poll(async () => (await pool.query('SELECT FROM pg_locks WHERE NOT granted')).rows.length)
      .toBeGreaterThan(0)
    await expect(storage.reads.books()).rejects.toMatchObject({
      ...busy,
      message: expect.stringContaining('No connection came free within 150 ms'),
    })
    await client.query('COMMIT')
    await waiting
  })
})

describe('a server that is away', () => {
  it('refuses: nobody waits longer than they said', async () => {
    const { proxy, schema } = await openBehindProxy()
    const storage = openStorage({ ...proxy, schema, busyDeadlineMs: 100 })
    await proxy.refuse()
    const refused = {
      ...away,
      message: expect.stringMatching(/does not answer, and nothing was changed: .*ECONNREFUSED/),
    }
    await expect(storage.reads.books()).rejects.toMatchObject(refused)
    await expect(open(storage, 'a')).rejects.toMatchObject(refused)
    await expect(storage.migrate()).rejects.toMatchObject(refused)
    await proxy.accept()
    expect(await openStorage({ ...proxy, schema }).reads.books()).toEqual([])
  })

  it('is waited for: it may be starting again', async () => {
    const { proxy, schema } = await openBehindProxy()
    const storage = openStorage({ ...proxy, schema, busyDeadlineMs: 60_000 })
    await proxy.refuse()
    const read = storage.reads.books()
    await proxy.accept()
    expect(await read).toEqual([])
  })

  it('has several addresses, none of which answers', async () => {
    const { proxy, schema } = await openBehindProxy()
    const url = new URL(proxy.connectionString)
    url.hostname = 'localhost'
    await proxy.refuse()
    const storage = openStorage({ connectionString: url.href, schema, busyDeadlineMs: 100 })
    await expect(storage.reads.books()).rejects.toMatchObject({
      ...away,
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('accepts connections and says nothing', async () => {
    const { proxy, schema } = await openBehindProxy()
    proxy.freeze()
    onTestFinished(() => proxy.cut('rst'))
    const own = openStorage({ ...proxy, schema, busyDeadlineMs: 200 })
    await expect(own.reads.books()).rejects.toMatchObject({
      code: expect.stringMatching(/storage_(failed|busy)/),
      retryable: true,
    })
    const patient = openStorage({ ...proxy, schema, busyDeadlineMs: 4_000 })
    await expect(patient.reads.books()).rejects.toMatchObject({
      ...away,
      message: expect.stringContaining('Connection terminated due to connection timeout'),
    })
  })

  it('goes silent on connections that are there: those are thrown away, and later calls work', async () => {
    const { proxy, schema } = await openBehindProxy()
    const storage = openStorage({ ...proxy, schema, busyDeadlineMs: 200, statementTimeoutMs: 50, maxConnections: 1 })
    expect(await storage.reads.books()).toEqual([])
    proxy.freeze()
    await expect(storage.reads.books()).rejects.toMatchObject({
      ...away,
      message: expect.stringContaining('no answer within'),
    })
    proxy.cut('rst')
    proxy.thaw()
    await expect.poll(() => storage.reads.books().catch((error: unknown) => error)).toEqual([])
    proxy.freeze()
    // What was sent and not answered may have been done: the engine asks again under the same key.
    await expect(open(storage, 'a')).rejects.toMatchObject({ code: 'outcome_unknown', retryable: true })
    proxy.cut('rst')
    proxy.thaw()
  })

  it('goes silent with locks held: the server gives them to others after the same time', async () => {
    const { proxy, schema, direct } = await openBehindProxy()
    const lost = openStorage({ ...proxy, schema, busyDeadlineMs: 100, statementTimeoutMs: 200 })
    const other = openStorage({ connectionString: direct, schema, busyDeadlineMs: 20_000, lockTimeoutMs: 50 })
    await open(other, 'a')
    proxy.trap(statement(/^SELECT wanted|^ROLLBACK|FOR NO KEY UPDATE$/), 'silence answer')
    const silenced = lockIn(lost, { wholeBook: true })
    await expect(silenced).rejects.toMatchObject(away)
    // The proxy keeps its connection to the server, as a machine would that is gone.
    expect(await lockIn(other, { wholeBook: true })).toMatchObject({ book: { name: 'main' } })
    proxy.cut('rst')
  })

  it('ends idle connections: the process lives, and the next call works', async () => {
    const opened = await openPostgres()
    const url = new URL(opened.connectionString)
    url.searchParams.set('application_name', opened.schema)
    const host = new Pool({ connectionString: url.href })
    host.on('error', () => {})
    const hostKnex = knex({ client: 'pg', connection: url.href })
    onTestFinished(async () => {
      await host.end()
      await hostKnex.destroy()
    })
    const { schema, pool } = opened
    await openStorage(opened).migrate()
    for (const source of [{ connectionString: url.href }, { pool: host }, { knex: hostKnex }]) {
      const storage = openStorage({ ...source, schema })
      expect(await storage.reads.books()).toEqual([])
      const ended = await pool.query(
        'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1',
        [schema],
      )
      expect(ended.rows.length).toBeGreaterThan(0)
      expect(await storage.reads.books()).toEqual([])
    }
  })
})

describe('a server that takes no connection', () => {
  async function refusedTo(attributes: string, change: (url: URL) => void = () => {}) {
    const opened = await openBooks()
    const role = await createRole(opened.pool, { ...opened, attributes })
    const url = new URL(role.connectionString)
    change(url)
    const { schema } = opened
    return openStorage({ connectionString: url.href, schema, busyDeadlineMs: 100 }).reads.books()
  }

  it('has too many of them', async () => {
    await expect(refusedTo('CONNECTION LIMIT 0')).rejects.toMatchObject({
      ...away,
      message: expect.stringMatching(/nothing was changed: too many connections.*\(53300\)/),
    })
  })

  it('knows another password', async () => {
    const wrong = (url: URL) => {
      url.password = 'wrong'
    }
    await expect(refusedTo('', wrong)).rejects.toMatchObject({
      ...away,
      message: expect.stringMatching(/takes no connection from here: password .*\(28P01\). Correct how/),
    })
  })

  it('has no such database', async () => {
    const nowhere = (url: URL) => {
      url.pathname = '/nowhere'
    }
    await expect(refusedTo('', nowhere)).rejects.toMatchObject({
      ...away,
      message: expect.stringContaining('database "nowhere" does not exist (3D000)'),
    })
  })

  it('has no encryption where it is asked for', async () => {
    const encrypted = (url: URL) => url.searchParams.set('sslmode', 'require')
    await expect(refusedTo('', encrypted)).rejects.toMatchObject({
      ...away,
      message: expect.stringContaining('The server does not support SSL connections'),
    })
  })
})

describe('a server that may not write', () => {
  it('is away until a connection leads to one that may', async () => {
    const { connectionString, schema, pool } = await openBooks()
    const role = await createRole(pool, { connectionString, attributes: 'SUPERUSER' })
    await pool.query(`ALTER ROLE ${role.name} SET default_transaction_read_only = on`)
    const storage = openStorage({ ...role, schema, busyDeadlineMs: 200 })
    expect(await storage.reads.books()).toEqual([])
    await expect(open(storage, 'a')).rejects.toMatchObject({ ...away, message: expect.stringContaining('(25006)') })
    const patient = openStorage({ ...role, schema, busyDeadlineMs: 60_000 })
    const opening = open(patient, 'a')
    await pool.query(`ALTER ROLE ${role.name} RESET ALL`)
    expect(await opening).toBe('persisted')
  })
})

describe('rows and statements that take too long', () => {
  it('are given way to, and tried until the deadline', async () => {
    const { connectionString, schema, pool, ledger } = await openBooks()
    await fundedDeal(ledger, 'deal')
    const storage = openStorage({ connectionString, schema, busyDeadlineMs: 300, lockTimeoutMs: 20 })
    const client = await pool.connect()
    onTestFinished(() => client.release(true))
    await client.query(`BEGIN; SELECT FROM "${schema}".ledger_books FOR UPDATE`)
    const inUse = { ...busy, message: expect.stringContaining('in use by others for 300 ms') }
    await expect(lockIn(storage)).rejects.toMatchObject(inUse)
    await expect(open(storage, 'a')).rejects.toMatchObject(inUse)
    await client.query('ROLLBACK')
    expect(await open(storage, 'a')).toBe('persisted')
  })

  it('are ended by the server, under locks', async () => {
    const { connectionString, schema, pool } = await openBooks()
    const storage = openStorage({ connectionString, schema, statementTimeoutMs: 100, lockTimeoutMs: 60_000 })
    await openStorage({ connectionString, schema }).reads.books()
    const client = await pool.connect()
    onTestFinished(() => client.release(true))
    await client.query(`BEGIN; LOCK TABLE "${schema}".ledger_books`)
    await expect(lockIn(storage)).rejects.toMatchObject({
      ...busy,
      message: expect.stringContaining('longer than statementTimeoutMs allows, and nothing was changed'),
    })
  })

  it('leave nothing locked, nor a connection in the middle of something', async () => {
    const { connectionString, schema } = await openBooks()
    const storage = openStorage({ connectionString, schema, maxConnections: 1 })
    const failing = storage.transact('main', function* (): Work<string> {
      yield* persist(openingOf('a'), null)
      throw new Error('The rule says no.')
    })
    await expect(failing).rejects.toThrow('The rule says no.')
    expect(await storage.reads.account('main', { code: 'a', currency: 'USD' })).toBeNull()
    expect(await open(storage, 'a')).toBe('persisted')
    expect(await storage.transact('main', () => persist(nothing, null))).toBe('persisted')
  })
})

describe('a rollback that fails', () => {
  it('costs the connection, not the next one who would have had it', async () => {
    const { proxy, schema } = await openBehindProxy()
    const storage = openStorage({ ...proxy, schema, maxConnections: 1, statementTimeoutMs: 100 })
    await storage.reads.books()
    proxy.trap(statement(/^ROLLBACK$/), 'silence before')
    const failing = storage.transact('main', function* (): Work<string> {
      yield* persist(openingOf('a'), null)
      throw new Error('The rule says no.')
    })
    await expect(failing).rejects.toThrow('The rule says no.')
    expect(await storage.reads.account('main', { code: 'a', currency: 'USD' })).toBeNull()
    proxy.cut('rst')
  })
})

describe('what was not sent', () => {
  it('is not unknown: only numbers had been asked for', async () => {
    const { proxy, schema } = await openBehindProxy()
    const storage = openStorage({ ...proxy, schema })
    const opening = openingOf('a')
    await storage.transact('main', () => persist(opening, null, { ends: true }))
    const [change] = opening.accounts
    if (!change) throw new Error('It opens an account.')
    const later = { ...change, before: change.after, after: { ...change.after, revision: 2 } }
    // A storage of its own, which does not know the number yet.
    const other = openStorage({ ...proxy, schema, busyDeadlineMs: 1_000 })
    const trap = proxy.trap(statement(/AS wanted\(code, currency, nth\)/), 'cut before', { times: 1_000 })
    const changing = other.transact('main', () => persist({ ...opening, accounts: [later] }, null, { ends: true }))
    await expect(changing).rejects.toMatchObject(away)
    expect(trap.count).toBeGreaterThan(0)
  })
})

describe('two books whose names have one number', () => {
  it('are not taken for each other', async () => {
    const { connectionString, schema, pool } = await openBooks()
    const storage = openStorage({ connectionString, schema })
    await open(storage, 'a')
    await pool.query(`UPDATE "${schema}".ledger_books SET name = 'first'`)
    const refused = {
      code: 'storage_refused',
      message: 'The book "main" has the number of the book "first", which was there first. Give it another name.',
    }
    await expect(storage.reads.book('main')).rejects.toMatchObject(refused)
    await expect(lockIn(storage)).rejects.toMatchObject(refused)
    await expect(lockIn(storage, { wholeBook: true })).rejects.toMatchObject(refused)
    await expect(open(storage, 'b')).rejects.toMatchObject({
      code: 'storage_refused',
      message: expect.stringContaining('book_number_taken'),
    })
  })
})

describe('a storage that was closed', () => {
  it('says so, whatever it is asked, and lets what is under way end', async () => {
    const { connectionString, schema } = await openBooks()
    const storage = openStorage({ connectionString, schema, maxConnections: 1 })
    const opening = open(storage, 'a')
    const waiting = storage.reads.books().catch((error: unknown) => error)
    await storage.close()
    await storage.close()
    expect(await opening).toBe('persisted')
    expect(await waiting).toSatisfy(
      (answer) => Array.isArray(answer) || (answer as { code: string }).code === 'ledger_closed',
    )
    const closed = { code: 'ledger_closed' }
    await expect(storage.reads.books()).rejects.toMatchObject(closed)
    await expect(storage.migrate()).rejects.toMatchObject(closed)
    await expect(open(storage, 'b')).rejects.toMatchObject(closed)
    await expect(storage.ahead?.read('main', noKeys, [])).rejects.toMatchObject(closed)
  })

  it('says what is wrong when it was the host that closed its pool', async () => {
    const { connectionString, schema } = await openBooks()
    const pool = new Pool({ connectionString })
    const storage = openStorage({ pool, schema })
    const { ledger } = openLedger(storage)
    await pool.end()
    const message = expect.stringContaining('after calling end on the pool')
    await expect(storage.reads.books()).rejects.toMatchObject({ ...away, message })
    await expect(fundedDeal(ledger, 'deal')).rejects.toMatchObject({ ...away, message })
  })
})

const noKeys = { records: new Map(), accounts: [], codes: [], entries: [], wholeBook: false }
