import { createServer } from 'node:http'
import { connect } from 'node:net'
import { createHandler, type Handler } from '@escrow-ledger/http'
import { expressMount } from '@escrow-ledger/http/express'
import { honoMount } from '@escrow-ledger/http/hono'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mountInFastify } from './fixtures/fastify-mount.js'
import { openServer, people } from './fixtures/open-server.js'

interface Handlers {
  /** Answers paths without `/api`, which mounts cut off. */
  readonly handler: Handler
  /** Answers paths below `/api`. */
  readonly whole: Handler
}

const servers = {
  async Express({ handler }: Handlers) {
    const server = createServer(express().use('/api', expressMount(handler)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return (server.address() as { port: number }).port
  },
  Hono({ handler }: Handlers) {
    const app = new Hono()
    app.all('/api/*', honoMount(handler, { basePath: '/api' }))
    return listenByHono(app)
  },
  'Hono without a mount of ours': ({ whole }: Handlers) =>
    listenByHono(new Hono().all('*', ({ req }) => whole(req.raw))),
  async Fastify({ whole }: Handlers) {
    const app = fastify()
    mountInFastify(app, whole)
    await app.listen({ port: 0, host: '127.0.0.1' })
    onTestFinished(() => app.close())
    return (app.server.address() as { port: number }).port
  },
}

async function openHandlers(): Promise<Handlers> {
  const { ledger, handler } = await openServer()
  const authenticate = ({ headers }: Request) => people[(headers.get('authorization') ?? '').slice(7)] ?? null
  return { handler, whole: createHandler({ ledger, authenticate, basePath: '/api' }) }
}

function listenByHono(app: Hono): Promise<number> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port))
    onTestFinished(() => void server.close())
  })
}

/** Sends a request in pieces, to the end whatever is said meanwhile, then another; gives the status lines of the answers. */
function statusesOf(port: number, pieces: readonly string[]): Promise<readonly number[]> {
  const next = 'GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', async () => {
      for (const piece of pieces) await new Promise<void>((sent) => void socket.write(piece, () => sent()))
      socket.write(next)
    })
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve([...said.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))))
  })
}

const long = 'x'.repeat(400_000)
const chunks = Array.from({ length: 10 }, () => `9c40\r\n${long.slice(0, 40_000)}\r\n`)
const head = (path: string, lines: readonly string[], method = 'POST') =>
  [`${method} /api/${path} HTTP/1.1`, 'Host: x', ...lines, '', ''].join('\r\n')
const asChen = ['Authorization: Bearer chen', 'Idempotency-Key: k', 'Content-Type: application/json']
const declared = `Content-Length: ${long.length}`
const order = 'payments/create-order'

describe.each(Object.entries(servers))('through %s a body', (_, listen) => {
  test.each([
    ['is of nobody, and short', 401, [head(order, ['Content-Length: 2']), '{}']],
    ['is of nobody, and long', 401, [head(order, [declared]), long]],
    ['goes nowhere', 404, [head('nowhere', [declared]), long]],
    ['goes by a method that is not there', 405, [head('sessions/s1', [declared], 'PUT'), long]],
    ['says that it is too long', 413, [head(order, [...asChen, declared]), long]],
    ['turns out to be too long', 413, [head(order, [...asChen, 'Transfer-Encoding: chunked']), ...chunks, '0\r\n\r\n']],
    [
      'is a webhook and too long',
      413,
      [head('payments/razorpay/webhook', ['Content-Length: 1200000']), long, long, long],
    ],
  ] as const)('that %s is refused while it is sent, and its connection goes on', async (_name, status, pieces) => {
    expect(await statusesOf(await listen(await openHandlers()), pieces)).toEqual([status, 200])
  })
})

test.each(['Express', 'Hono', 'Fastify'] as const)('through %s TRACE is refused as no request', async (name) => {
  const port = await servers[name](await openHandlers())
  expect((await statusesOf(port, [head('sessions/s1', [], 'TRACE')]))[0]).toBe(400)
})
