import { createServer, request as httpRequest, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Handler, RequestContext } from '@escrow-ledger/http'
import { expressMount } from '@escrow-ledger/http/express'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openServer } from './fixtures/open-server.js'

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly address: string | null | undefined
  readonly mount: string | undefined
}

/** A handler that remembers what it was given. */
function remembering(answer = () => new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } })) {
  const seen: Seen[] = []
  const handle = async (request: Request, { address, mount }: RequestContext = {}) => {
    const bytes = new Uint8Array(await request.arrayBuffer())
    const { method, headers } = request
    seen.push({ method, path: new URL(request.url).pathname, headers, bytes, address, mount })
    return answer()
  }
  return { seen, handler: handling(handle) }
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

/** All that a server says to what is written to it as it is, until it closes the connection. */
function told(port: number, written: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(written))
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(said))
  })
}

function handling(handle: (request: Request) => Promise<Response>): Handler {
  return Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler
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
    expect(one).toMatchObject({
      method: 'POST',
      path: '/payments/razorpay/webhook',
      address: '127.0.0.1',
      mount: '/api',
    })
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

  test('whose bytes a parser has taken is answered with how to mount it', async () => {
    const { seen, handler } = remembering()
    const { url } = await listen(express().use(express.json()).use(expressMount(handler)))
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', body: '{"a":1}', headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
    ])
    expect(await response.json()).toMatchObject({
      code: 'internal_error',
      detail: expect.stringContaining('before express.json()'),
    })
    expect(seen).toHaveLength(0)
  })

  test('keeps every one of its headers that came twice', async () => {
    const { seen, handler } = remembering()
    const { port } = await listen(express().use(expressMount(handler)))
    await told(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-twice: 2\r\nConnection: close\r\n\r\n')
    expect(seen[0]?.headers.get('x-twice')).toBe('1, 2')
  })

  test.each([
    ['//evil/health', '//evil/health'],
    ['//[', '//['],
    ['/%2e%2e%2fhealth', '/%2e%2e%2fhealth'],
    ['/\\evil/health', '//evil/health'],
  ])('for %s is for no other path, and names no host', async (target, path) => {
    const { seen, handler } = remembering()
    const { port } = await listen(express().use('/api', expressMount(handler)))
    const answer = await told(port, `GET /api${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect([answer.split('\r\n')[0], seen[0]?.path]).toEqual(['HTTP/1.1 200 OK', path])
  })

  test('that is no Request, such as TRACE, is refused without a word of how', async () => {
    const { seen, handler } = remembering()
    const { port } = await listen(express().use(expressMount(handler)))
    const answer = await told(port, 'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'invalid_input', status: 400 })
    expect(answer).not.toContain('TypeError')
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
    const { url, port } = await listen(express().use(expressMount(handling(handle))))
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

describe('a body that is not read to its end', () => {
  const limits = { bodyBytes: 1_000, readMs: 20 }
  const head = (lines: readonly string[]) =>
    ['POST /api/payments/create-order HTTP/1.1', 'Host: x', ...lines].join('\r\n')
  const asChen = ['Authorization: Bearer chen', 'Idempotency-Key: k', 'Content-Type: application/json']

  test('since it does not come is given up, with its connection', async () => {
    const { handler } = await openServer({ limits })
    const { port } = await listen(express().use('/api', expressMount(handler)))
    const answer = await told(port, `${head([...asChen, 'Content-Length: 30'])}\r\n\r\n{`)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"code":"body_too_slow"')
  })

  test('since nobody is known to ask, and does not end, is waited for a while and no longer', async () => {
    const { handler } = await openServer()
    const { port } = await listen(express().use('/api', expressMount(handler, { lingerMs: 20 })))
    expect(await told(port, `${head(['Content-Length: 30'])}\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 401 /)
  })
})

describe('an answer', () => {
  const piece = new Uint8Array(65_536).fill(7)

  /** Gives as many pieces as it is asked for, and remembers. */
  function pieces(most: number, atEnd: 'close' | 'error' = 'close') {
    const state = { given: 0, cancelled: false }
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (state.given < most) controller.enqueue(piece)
          else if (atEnd === 'close') controller.close()
          else controller.error(new Error('It broke.'))
          state.given += 1
        },
        cancel() {
          state.cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    return { state, body }
  }

  test('in one piece has its length, and in many all of them', async () => {
    const one = await listen(express().use(expressMount(handling(async () => new Response('whole')))))
    expect((await fetch(one.url)).headers.get('content-length')).toBe('5')
    const { body } = pieces(100)
    const many = await listen(express().use(expressMount(handling(async () => new Response(body)))))
    expect((await (await fetch(many.url)).arrayBuffer()).byteLength).toBe(100 * piece.length)
  })

  test('that breaks is not taken for a whole one', async () => {
    const { body } = pieces(3, 'error')
    const { url } = await listen(
      express()
        .set('env', 'test')
        .use(expressMount(handling(async () => new Response(body)))),
    )
    await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow()
  })

  test('to a client that leaves is made no further', async () => {
    const { state, body } = pieces(Number.POSITIVE_INFINITY)
    const { url } = await listen(express().use(expressMount(handling(async () => new Response(body)))))
    const leaving = new AbortController()
    const response = await fetch(url, { signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    await expect.poll(() => state.cancelled).toBe(true)
  })

  test('that is still worked at is given up with its client', async () => {
    const seen = { begun: false, aborted: false }
    const waiting = async ({ signal }: Request) => {
      seen.begun = true
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      seen.aborted = true
      return new Response(null, { status: 204 })
    }
    const { url } = await listen(express().use(expressMount(handling(waiting))))
    const leaving = new AbortController()
    const asked = fetch(url, { method: 'POST', body: 'x', signal: leaving.signal })
    await expect.poll(() => seen.begun).toBe(true)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await expect.poll(() => seen.aborted).toBe(true)
  })
})
