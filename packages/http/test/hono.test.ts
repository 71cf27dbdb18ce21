import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { Handler } from '@escrow-ledger/http'
import { honoMount } from '@escrow-ledger/http/hono'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

const notText = Uint8Array.from({ length: 256 }, (_, index) => index)

function remembering() {
  const seen: { path: string; bytes: number[]; address: string | null | undefined }[] = []
  const handle = async (request: Request, { address }: { address?: string | null | undefined } = {}) => {
    const bytes = [...new Uint8Array(await request.arrayBuffer())]
    seen.push({ path: new URL(request.url).pathname, bytes, address })
    return Response.json({ ok: true }, { status: 201 })
  }
  return { seen, handler: Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler }
}

async function listen(app: Hono): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    )
    onTestFinished(() => void server.close())
  })
}

describe('a request through Hono', () => {
  test('keeps its bytes and its path below the mount, and says where it comes from', async () => {
    const { seen, handler } = remembering()
    const app = new Hono()
    app.all(
      '/api/*',
      honoMount(handler, { basePath: '/api', address: (context) => getConnInfo(context).remote.address }),
    )
    const url = await listen(app)
    const response = await fetch(`${url}/api/payments/paypal/webhook`, { method: 'POST', body: notText })
    expect([response.status, await response.json()]).toEqual([201, { ok: true }])
    expect(seen).toEqual([{ path: '/payments/paypal/webhook', bytes: [...notText], address: '127.0.0.1' }])
  })

  test("goes through Hono's own mount as well", async () => {
    const { seen, handler } = remembering()
    const url = await listen(new Hono().mount('/api', handler))
    await fetch(`${url}/api/x`, { method: 'POST', body: notText })
    expect(seen).toMatchObject([{ path: '/x', bytes: [...notText] }])
  })

  test('below no mount keeps its whole path', async () => {
    const { seen, handler } = remembering()
    const app = new Hono()
    app.all('*', honoMount(handler))
    await app.request('http://localhost/sessions/s1')
    expect(seen).toMatchObject([{ path: '/sessions/s1', address: null }])
  })

  test('loses whole segments of its path only', async () => {
    const { seen, handler } = remembering()
    const app = new Hono()
    app.all('*', honoMount(handler, { basePath: '/api/' }))
    for (const path of ['/api', '/api/', '/api/a', '/apis/a', '/other']) await app.request(`http://localhost${path}`)
    expect(seen.map(({ path }) => path)).toEqual(['/', '/', '/a', '/apis/a', '/other'])
  })

  test('keeps its method, query and headers, and so does the answer', async () => {
    const handle = async ({ method, url, headers }: Request) => {
      const said = { method, query: new URL(url).search, signature: headers.get('x-signature') }
      return Response.json(said, { status: 409, headers: { 'retry-after': '7' } })
    }
    const url = await listen(mounted(handle))
    const response = await fetch(`${url}/api/x?a=%20b`, { method: 'PUT', headers: { 'x-signature': 'abc' } })
    expect(await response.json()).toEqual({ method: 'PUT', query: '?a=%20b', signature: 'abc' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([409, '7'])
  })
})

function mounted(handle: (request: Request) => Promise<Response>): Hono {
  const handler = Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler
  const app = new Hono()
  app.all('/api/*', honoMount(handler, { basePath: '/api' }))
  return app
}

describe('a body through Hono', () => {
  test('reaches the handler while the rest of it is still to come, and the answer leaves likewise', async () => {
    const handle = async ({ body }: Request) => new Response(body)
    const sent = httpRequest(`${await listen(mounted(handle))}/api/x`, { method: 'POST' })
    sent.write(notText.subarray(0, 100))
    const [response] = await once(sent, 'response')
    const pieces: Buffer[] = []
    const [first] = await once(response, 'data')
    expect(first).toEqual(Buffer.from(notText.subarray(0, 100)))
    // Not before the first piece has come back: nothing on the way waits for the whole.
    response.on('data', (piece: Buffer) => pieces.push(piece))
    sent.end(notText.subarray(100))
    await once(response, 'end')
    expect([...Buffer.concat(pieces)]).toEqual([...notText.subarray(100)])
  })

  test('ends with its client, and the handler is told', async () => {
    const gone = new AbortController()
    const told: unknown[] = []
    const handle = async ({ signal }: Request) => {
      const heard = once(signal, 'abort')
      gone.abort()
      await heard
      told.push(signal.aborted)
      return new Response()
    }
    const url = await listen(mounted(handle))
    const asked = fetch(`${url}/api/x`, { method: 'POST', body: notText, signal: gone.signal })
    await expect(asked).rejects.toThrow()
    await vi.waitFor(() => expect(told).toEqual([true]))
  })
})
