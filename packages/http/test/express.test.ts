import { createServer, request as httpRequest, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Handler } from '@escrow-ledger/http'
import { expressMount } from '@escrow-ledger/http/express'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly address: string | null | undefined
}

/** A handler that remembers what it was given. */
function remembering(answer = () => new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } })) {
  const seen: Seen[] = []
  const handle = async (request: Request, { address }: { address?: string | null | undefined } = {}) => {
    const bytes = new Uint8Array(await request.arrayBuffer())
    const { method, headers } = request
    seen.push({ method, path: new URL(request.url).pathname, headers, bytes, address })
    return answer()
  }
  return { seen, handler: Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler }
}

async function listen(app: express.Express): Promise<{ readonly url: string; readonly port: number }> {
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, port }
}

const notText = Uint8Array.from({ length: 256 }, (_, index) => index)

describe('a request through Express', () => {
  test('keeps its bytes, its path below the mount, and its headers', async () => {
    const { seen, handler } = remembering()
    const { url } = await listen(express().use('/api', expressMount(handler)))
    const response = await fetch(`${url}/api/payments/razorpay/webhook?x=1`, {
      method: 'POST',
      body: notText,
      headers: { 'x-signature': 'abc' },
    })
    expect([response.status, await response.json()]).toEqual([200, { ok: true }])
    const [one] = seen
    expect(one).toMatchObject({ method: 'POST', path: '/payments/razorpay/webhook', address: '127.0.0.1' })
    expect([...(one?.bytes ?? [])]).toEqual([...notText])
    expect(one?.headers.get('x-signature')).toBe('abc')
  })

  test('comes in pieces as well', async () => {
    const { seen, handler } = remembering()
    const { port } = await listen(express().use(expressMount(handler)))
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest({ port, method: 'POST', path: '/x' }, (response) => response.resume().on('end', resolve))
      sent.on('error', reject)
      sent.write(notText.subarray(0, 100))
      setImmediate(() => sent.end(notText.subarray(100)))
    })
    expect([...(seen[0]?.bytes ?? [])]).toEqual([...notText])
  })

  test('may have its bytes read by express.raw() before', async () => {
    const { seen, handler } = remembering()
    const { url } = await listen(
      express()
        .use(express.raw({ type: () => true }))
        .use(expressMount(handler)),
    )
    await fetch(url, { method: 'POST', body: notText })
    expect([...(seen[0]?.bytes ?? [])]).toEqual([...notText])
  })

  test('whose bytes a parser has taken is a mistake that is told', async () => {
    const { seen, handler } = remembering()
    const told: string[] = []
    const app = express().use(express.json()).use(expressMount(handler))
    app.use((error: Error, _: express.Request, response: express.Response, __: express.NextFunction) => {
      told.push(error.message)
      response.status(500).end()
    })
    const { url } = await listen(app)
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(url, { method: 'POST', body: '{"a":1}', headers })).status).toBe(500)
    expect(told[0]).toContain('before express.json()')
    expect(seen).toHaveLength(0)
  })

  test('comes from where Express says, behind a proxy that it trusts', async () => {
    const { seen, handler } = remembering()
    const { url } = await listen(express().set('trust proxy', 1).use(expressMount(handler)))
    await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(seen[0]?.address).toBe('203.0.113.7')
  })

  test('that breaks off ends, and leaves the server as it was', async () => {
    let ended = 0
    const handle = async (request: Request) => {
      await request.arrayBuffer().catch(() => {})
      ended += 1
      return new Response(null, { status: 204 })
    }
    const handler = Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler
    const { url, port } = await listen(express().use(expressMount(handler)))
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
        setImmediate(() => {
          socket.destroy()
          resolve()
        })
      })
    })
    expect((await fetch(url, { method: 'POST', body: 'whole' })).status).toBe(204)
    await expect.poll(() => ended).toBe(2)
  })
})

test('an answer keeps its status, its cookies one by one, and no body for HEAD', async () => {
  const answer = () => {
    const headers = new Headers({ 'x-request-id': 'abc' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    return new Response('{"a":1}', { status: 201, headers })
  }
  const { handler } = remembering(answer)
  const { url } = await listen(express().use(expressMount(handler)))
  const response = await fetch(url)
  expect([response.status, response.headers.getSetCookie(), await response.text()]).toEqual([
    201,
    ['a=1', 'b=2'],
    '{"a":1}',
  ])
  expect((await fetch(url, { method: 'HEAD' })).headers.get('x-request-id')).toBe('abc')
})
