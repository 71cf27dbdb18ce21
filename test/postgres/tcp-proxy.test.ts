import { performance } from 'node:perf_hooks'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type OpenPostgres, openPostgres } from './open-postgres.js'
import { startTcpProxy, statement, type TcpProxy } from './tcp-proxy.js'

interface Proxied extends OpenPostgres {
  readonly proxy: TcpProxy
  readonly connect: () => Promise<Client>
  readonly noted: () => Promise<number[]>
}

/** A table of notes, behind a proxy. */
async function openProxied(): Promise<Proxied> {
  const opened = await openPostgres()
  const { pool, schema } = opened
  await pool.query(`create table ${schema}.notes (id int primary key)`)
  const proxy = await startTcpProxy(opened)
  const connect = async () => {
    const client = new Client({ connectionString: proxy.connectionString })
    client.on('error', () => {})
    await client.connect()
    // What is cut by then has ended already; what is silent is cut here.
    onTestFinished(async () => {
      proxy.cut('rst')
      await client.end()
    })
    return client
  }
  const noted = async () => {
    const { rows } = await pool.query(`select id from ${schema}.notes order by id`)
    return rows.map(({ id }) => id)
  }
  return { ...opened, proxy, connect, noted }
}

/** Notes one in a transaction of a client's. */
async function begin(client: Client, schema: string): Promise<void> {
  await client.query('begin')
  await client.query(`insert into ${schema}.notes values ($1)`, [1])
}

/** The transaction of a client that is cut off is over when nothing of it is locked any more. */
async function expectNoted({ pool, schema, noted }: Proxied, ids: readonly number[]): Promise<void> {
  const client = await pool.connect()
  await client.query('begin')
  await client.query(`lock table ${schema}.notes`)
  await client.query('commit')
  client.release()
  expect(await noted()).toEqual(ids)
}

describe('a proxy', () => {
  test('passes on what it does not understand as well as what it does', async () => {
    const { connect } = await openProxied()
    const client = await connect()
    const text = 'ä'.repeat(300_000)
    const { rows } = await client.query('select $1::text as text', [text])
    expect(rows).toEqual([{ text }])
    await expect(client.query('select 1/0')).rejects.toMatchObject({ code: '22012' })
    await client.end()
  })

  test.each(['rst', 'fin'] as const)('cuts all connections by %s', async (mode) => {
    const { connect, proxy } = await openProxied()
    const clients = [await connect(), await connect()]
    const asleep = clients.map((client) => client.query('select pg_sleep(60)'))
    const outcomes = Promise.allSettled(asleep)
    proxy.cut(mode)
    for (const outcome of await outcomes) expect(outcome.status).toBe('rejected')
    const again = await connect()
    expect((await again.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  test('refuses new connections and keeps those there are', async () => {
    const { connect, proxy } = await openProxied()
    const client = await connect()
    await proxy.refuse()
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await proxy.accept()
    await connect()
    expect(proxy.connections).toBe(2)
  })

  test.each(['toServer', 'toClient'] as const)('delays what goes %s', async (direction) => {
    const { connect, proxy } = await openProxied()
    const client = await connect()
    proxy.delay({ [direction]: 80 })
    const before = performance.now()
    await client.query('select 1')
    expect(performance.now() - before).toBeGreaterThanOrEqual(79)
  })

  test('goes silent, and gives what was held back when it thaws', async () => {
    const proxied = await openProxied()
    const { connect, proxy, pool, schema } = proxied
    const client = await connect()
    await client.query('begin')
    await client.query(`lock table ${schema}.notes`)
    proxy.freeze()
    const commit = client.query('commit')
    const other = await pool.connect()
    await other.query('begin')
    await expect(other.query(`lock table ${schema}.notes nowait`)).rejects.toMatchObject({ code: '55P03' })
    await other.query('rollback')
    other.release()
    const late = connect()
    proxy.thaw()
    await commit
    await late
    await expectNoted(proxied, [])
  })

  test('is of no use when the server is away', async () => {
    const proxy = await startTcpProxy({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })
    const client = new Client({ connectionString: proxy.connectionString })
    client.on('error', () => {})
    await expect(client.connect()).rejects.toThrow()
    await client.end()
  })
})

describe('a trap at COMMIT', () => {
  const deeds = [
    { deed: 'cut before', kept: [] },
    { deed: 'cut answer', kept: [1] },
    { deed: 'cut within answer', kept: [1] },
  ] as const
  const cases = deeds.flatMap((each) => (['rst', 'fin'] as const).map((mode) => ({ ...each, mode })))

  test.each(cases)('$deed by $mode keeps $kept', async ({ deed, kept, mode }) => {
    const proxied = await openProxied()
    const client = await proxied.connect()
    const trap = proxied.proxy.trap(statement(/^commit/i), deed, { mode })
    await begin(client, proxied.schema)
    expect(trap.count).toBe(0)
    await expect(client.query('COMMIT')).rejects.toThrow()
    await trap.sprung
    await expectNoted(proxied, kept)
    // It springs once.
    const next = await proxied.connect()
    await next.query('begin')
    await next.query('commit')
    expect(trap.count).toBe(1)
  })

  test.each([
    { deed: 'silence before', kept: [] },
    { deed: 'silence answer', kept: [1] },
  ] as const)('$deed has done $kept while the client waits', async ({ deed, kept }) => {
    const proxied = await openProxied()
    const client = await proxied.connect()
    const trap = proxied.proxy.trap(statement(/^commit/i), deed)
    await begin(client, proxied.schema)
    const commit = client.query('commit')
    await trap.sprung
    if (deed === 'silence answer') await expectNoted(proxied, kept)
    else expect(await proxied.noted()).toEqual(kept)
    const other = await proxied.connect()
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    proxied.proxy.thaw()
    await commit
    expect(await proxied.noted()).toEqual([1])
  })

  test('holds the statement until something has been done', async () => {
    const proxied = await openProxied()
    const client = await proxied.connect()
    let seen: readonly number[] | undefined
    proxied.proxy.trap(statement(/^commit/i), async () => {
      seen = await proxied.noted()
    })
    await begin(client, proxied.schema)
    await client.query('commit')
    expect(seen).toEqual([])
    expect(await proxied.noted()).toEqual([1])
  })
})

test('a trap knows a statement by the name it was prepared under', async () => {
  const proxied = await openProxied()
  const client = await proxied.connect()
  const note = (id: number) =>
    client.query({ name: 'note', text: `insert into ${proxied.schema}.notes values ($1)`, values: [id] })
  await note(1)
  const seen: string[] = []
  proxied.proxy.trap(({ type }) => {
    seen.push(type)
    return false
  }, 'cut before')
  const trap = proxied.proxy.trap(statement(/^insert/), 'cut answer', { times: 2 })
  await expect(note(2)).rejects.toThrow()
  expect(seen).toEqual(['B'])
  await expectNoted(proxied, [1, 2])
  const other = await proxied.connect()
  await expect(other.query(`insert into ${proxied.schema}.notes values ($1)`, [2])).rejects.toThrow('ECONNRESET')
  expect(trap.count).toBe(2)
})
