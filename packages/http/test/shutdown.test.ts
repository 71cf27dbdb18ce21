import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createShutdown, type ShutdownOptions } from '@escrow-ledger/http'
import { createWorker, type Ledger } from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openServer, paidSession } from './fixtures/open-server.js'

const later = () => {
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { finish, finished }
}

/** Something to stop whose steps are written down, each of which ends at once unless it is said otherwise. */
function createStoppable(own: Partial<Record<'server' | 'handler' | 'worker' | 'ledger', () => Promise<void>>> = {}) {
  const told: string[] = []
  const step = (name: keyof typeof own) => async () => {
    told.push(`${name} stops`)
    await own[name]?.()
    told.push(`${name} stopped`)
  }
  const sleeps: { readonly ms: number; readonly pass: () => void }[] = []
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      sleeps.push({ ms, pass: resolve })
      signal?.addEventListener('abort', () => resolve())
    })
  const options: ShutdownOptions = {
    handler: { drain: step('handler') },
    worker: { stop: step('worker') },
    ledger: { close: step('ledger'), runtime: { sleep } as unknown as Ledger['runtime'] },
    server: { close: (done) => void step('server')().then(() => done()) },
  }
  return { options, told, sleeps }
}

describe('stopping', () => {
  test('goes in order, and each step is over before the next', async () => {
    const { options, told } = createStoppable()
    expect(await createShutdown(options)()).toEqual({ late: [], failed: [] })
    const order = ['handler stopped', 'worker stops', 'worker stopped', 'ledger stops', 'ledger stopped']
    expect(told[0]).toBe('server stops')
    expect(told.filter((each) => order.includes(each))).toEqual(order)
  })

  test('is done once, however often it is asked for', async () => {
    const { options, told } = createStoppable()
    const shutdown = createShutdown(options)
    const [first, second] = await Promise.all([shutdown(), shutdown()])
    expect(second).toBe(first)
    expect(await shutdown()).toBe(first)
    expect(told.filter((each) => each === 'ledger stops')).toHaveLength(1)
  })

  test('goes on where a step takes longer than it may, but waits for the ledger', async () => {
    const never = () => new Promise<void>(() => {})
    const { options, told, sleeps } = createStoppable({ handler: never, worker: never })
    const stopping = createShutdown({ ...options, graceMs: 5_000 })()
    await expect.poll(() => sleeps.length).toBe(1)
    sleeps[0]?.pass()
    await expect.poll(() => told).toContain('worker stops')
    sleeps.at(-1)?.pass()
    expect(await stopping).toEqual({ late: ['handler', 'worker'], failed: [] })
    expect(sleeps.map(({ ms }) => ms)).toEqual([5_000, 5_000, 5_000])
    expect(told).toContain('ledger stopped')
  })

  test('goes on where a step fails, and tells which', async () => {
    const { options } = createStoppable({ worker: () => Promise.reject(new Error('no')) })
    const logged: object[] = []
    const logger = { info: () => {}, warn: () => {}, error: (about: object) => void logged.push(about) }
    expect(await createShutdown({ ...options, logger })()).toEqual({ late: [], failed: ['worker'] })
    expect(logged).toMatchObject([{ step: 'worker' }])
  })

  test('answers what is under way over HTTP, takes nothing new, and writes what was accepted', async () => {
    const gate = later()
    const begun = later()
    const { handler, ledger } = await openServer({
      authenticate: async () => {
        begun.finish()
        await gate.finished
        return { id: 'backend', roles: ['service'] }
      },
    })
    await paidSession({ ledger })
    const server = createServer(async (req, res) => {
      const response = await handler(new Request(`http://localhost${req.url}`, { method: req.method ?? 'GET' }))
      res.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
    })
    const address = await listen(server)
    const worker = createWorker(ledger, { manual: true })
    const shutdown = createShutdown({ handler, ledger, worker, server })

    const underWay = fetch(`${address}/sessions/s1`)
    await begun.finished
    const stopping = shutdown()
    await expect(fetch(`${address}/sessions/s1`)).rejects.toThrow()
    gate.finish()
    expect((await underWay).status).toBe(200)
    expect(await stopping).toEqual({ late: [], failed: [] })
    expect(worker.health().state).toBe('stopped')
    await expect(ledger.escrows.settle({ id: 's1' })).rejects.toMatchObject({ code: 'ledger_closed' })
  })
})

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
