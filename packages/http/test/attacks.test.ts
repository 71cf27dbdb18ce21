import type { Answered } from '@escrow-ledger/http'
import { createHandler } from '@escrow-ledger/http'
import type { GatewayWebhooks } from 'escrow-ledger'
import { openDelivery } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { booksOf, inr, openServer, paidSession, people, terms } from './fixtures/open-server.js'

const complete = { path: '/sessions/complete', body: { id: 's1' } }

async function open() {
  const server = await openServer()
  await paidSession(server)
  return { ...server, before: await booksOf(server.ledger) }
}

describe('an idempotency key', () => {
  test('gives the first result again, and says so', async () => {
    const { ask } = await open()
    const first = await ask({ ...complete, as: 'chen', key: 'k1' })
    const again = await ask({ ...complete, as: 'chen', key: 'k1' })
    expect(again.body).toEqual(first.body)
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ])
  })

  test("replays nobody else's result", async () => {
    const { ask, ledger } = await open()
    await paidSession({ ledger }, 'm1', 'mallory', 'priya')
    await ask({ ...complete, as: 'chen', key: 'shared' })
    expect((await ask({ ...complete, as: 'mallory', key: 'shared' })).status).toBe(404)
    const own = await ask({ path: '/sessions/complete', body: { id: 'm1' }, as: 'mallory', key: 'shared' })
    expect([own.body.session, own.headers.get('idempotency-replayed')]).toEqual(['m1', null])
  })

  test('cannot be used for something else', async () => {
    const { ask } = await open()
    await ask({ ...complete, as: 'chen', key: 'k1' })
    const other = await ask({ path: '/sessions/dispute', body: { id: 's1' }, as: 'chen', key: 'k1' })
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } })
    expect(other.body.detail).toMatch(/^The idempotency key that you gave /)
  })

  test.each([null, '', ' ', 'with space', 'ümlaut', 'x'.repeat(201)])('that is %j is refused', async (key) => {
    const { ask, ledger, before } = await open()
    const headers = key === null ? {} : { 'idempotency-key': encodeURI(key) === key ? key : 'a b' }
    const { status, body } = await ask({ ...complete, as: 'chen', key: null, headers })
    expect([status, body.code]).toEqual([
      400,
      expect.stringMatching(/^(idempotency_key_required|invalid_idempotency_key)$/),
    ])
    expect(await booksOf(ledger)).toBe(before)
  })
})

describe('a body', () => {
  test.each<[string, string | Uint8Array, number, string]>([
    ['that is no JSON', '{"id":', 400, 'invalid_json'],
    ['that is empty', '', 400, 'invalid_json'],
    ['of bytes that are no text', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 400, 'invalid_json'],
    ['that is a list', '[]', 400, 'invalid_input'],
    ['that is null', 'null', 400, 'invalid_input'],
    ['nested deep', `{"id":${'['.repeat(200)}${']'.repeat(200)}}`, 400, 'json_too_deep'],
    ['nested without an end', '['.repeat(60_000), 400, 'json_too_deep'],
    ['that is huge', JSON.stringify({ id: 'x'.repeat(70_000) }), 413, 'body_too_large'],
    ['with a field that is not asked for', '{"id":"s1","status":"settled"}', 400, 'invalid_input'],
    ['that pollutes', '{"id":"s1","__proto__":{"roles":["operator"]}}', 400, 'invalid_input'],
    ['with an id that is no text', '{"id":{"$ne":null}}', 400, 'invalid_input'],
  ])('%s is refused', async (_, body, status, code) => {
    const { ask, ledger, before } = await open()
    expect(await ask({ path: '/sessions/complete', as: 'chen', body })).toMatchObject({ status, body: { code } })
    expect(await booksOf(ledger)).toBe(before)
    expect(({} as { roles?: unknown }).roles).toBeUndefined()
  })

  test('that says it is something else is refused', async () => {
    const { ask } = await open()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      const answer = await ask({ ...complete, as: 'chen', headers: { 'content-type': type } })
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    }
  })

  test('that never ends is given up', async () => {
    const { ledger } = await open()
    const handler = createHandler({ ledger, authenticate: () => people.chen ?? null, limits: { readMs: 20 } })
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":')),
    })
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' }
    const request = new Request('http://localhost/sessions/complete', {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    } as RequestInit)
    const response = await handler(request)
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([408, 'body_too_slow'])
  })

  test('with an amount that is a number, or negative, or too fine, moves nothing', async () => {
    const { ask, ledger, before } = await open()
    for (const amount of [1, -1, 0.1, '1e3', '-1.00', '0.001', 'NaN', '1,000.00', '٣']) {
      const body = { id: 'p', payee: 'priya', amount: { amount, currency: 'INR' }, gateway: 'razorpay' }
      const { status } = await ask({ path: '/payouts/request', as: 'priya', body })
      expect([400, 409, 422], String(amount)).toContain(status)
    }
    expect(await booksOf(ledger)).toBe(before)
  })
})

describe('an id that looks like another', () => {
  test.each(['che\u0301n', 'chen\u200b', 'chen\u0000', '\u202echen', ' chen', 'chen\n', 'x'.repeat(129)])(
    '%j names nobody',
    async (id) => {
      const server = await openServer({ authenticate: () => ({ id, roles: ['payer'] }) })
      await paidSession(server)
      expect(await server.ask({ path: '/sessions/s1' })).toMatchObject({
        status: 401,
        body: { code: 'invalid_principal' },
      })
    },
  )

  test('is counted in characters, of which some have two units of UTF-16', async () => {
    const person = '\u{1F600}'.repeat(128)
    const server = await openServer({ authenticate: () => ({ id: person, roles: ['payer'] }) })
    const ofLength = (length: number) => `/sessions/${encodeURIComponent('\u{1F600}'.repeat(length))}`
    expect((await server.ask({ path: ofLength(128) })).status).toBe(404)
    expect(await server.ask({ path: ofLength(129) })).toMatchObject({ status: 400 })
  })

  test('of another script is somebody else', async () => {
    // The first letter is Cyrillic.
    const server = await openServer({ authenticate: () => ({ id: '\u0441hen', roles: ['payer'] }) })
    await paidSession(server)
    expect((await server.ask({ path: '/sessions/s1' })).status).toBe(404)
  })

  test('does not come out of a path that is written otherwise', async () => {
    const { ask } = await open()
    for (const path of [
      '/sessions/S1',
      '/sessions/%00s1',
      '/sessions/s1%2f..%2fs1',
      '/sessions/..%2fs1',
      '/sessions/%E0%A4%A',
      '/sessions/s1;x=1',
    ]) {
      expect([400, 404], path).toContain((await ask({ as: 'chen', path })).status)
    }
  })
})

describe('a webhook', () => {
  const webhooks: GatewayWebhooks = {
    async verify(given) {
      const opened = openDelivery('razorpay', given)
      if (opened.header('x-signature') !== 'right') throw new Error('not reached by these tests')
      return { gateway: 'razorpay', type: 'x', dedupeKeys: ['k'], occurredAt: null, body: opened.json() }
    },
    subjectsOf: () => [],
  }

  test('is taken without a user, and never without a signature', async () => {
    const { ask, ledger } = await openServer({ gateways: { razorpay: { ...acceptingGateway, webhooks } } })
    const path = '/payments/razorpay/webhook'
    const before = await booksOf(ledger)
    expect(await ask({ as: null, path, body: { a: 1 } })).toMatchObject({
      status: 400,
      body: { code: 'not_authentic' },
    })
    expect(await ask({ as: 'olga', path, body: '' })).toMatchObject({ status: 400, body: { code: 'not_authentic' } })
    const signed = { as: null, path, body: { a: 1 }, headers: { 'x-signature': 'right' } }
    expect(await ask(signed)).toMatchObject({ status: 200, body: { duplicate: false } })
    expect(await ask(signed)).toMatchObject({ status: 200, body: { duplicate: true } })
    expect(await booksOf(ledger)).toBe(before)
  })

  test('of a gateway that there is not, or that verifies none, is refused', async () => {
    const { ask } = await openServer({ gateways: { razorpay: acceptingGateway } })
    expect(await ask({ as: null, path: '/payments/paypal/webhook', body: {} })).toMatchObject({
      status: 404,
      body: { code: 'gateway_not_found' },
    })
    expect(await ask({ as: null, path: '/payments/razorpay/webhook', body: {} })).toMatchObject({
      status: 422,
      body: { code: 'operation_unsupported' },
    })
  })
})

describe('an answer', () => {
  test('bears headers that keep it where it belongs', async () => {
    const { ask } = await open()
    for (const path of ['/sessions/s1', '/nothing', '/health']) {
      const { headers } = await ask({ path })
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    }
  })

  test('cannot be given headers by a request', async () => {
    const { ask } = await open()
    const { headers } = await ask({ path: '/health', headers: { 'x-request-id': 'abcdefgh%0d%0aset-cookie: a=b' } })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(headers.get('set-cookie')).toBeNull()
    expect(
      (await ask({ path: '/health', headers: { 'x-request-id': 'trace-1234' } })).headers.get('x-request-id'),
    ).toBe('trace-1234')
  })

  test('to a wrong path or method says so', async () => {
    const { ask } = await open()
    expect(await ask({ path: '/nothing' })).toMatchObject({ status: 404, body: { code: 'route_not_found' } })
    const wrong = await ask({ path: '/sessions/complete', method: 'PUT' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD, OPTIONS'])
  })

  test('to what a bug brought about tells nothing of it', async () => {
    const failures: unknown[] = []
    const broken = {
      ledger: (await open()).ledger,
      authenticate: () => {
        throw new Error('SELECT secret FROM users')
      },
    }
    const handler = createHandler({
      ...broken,
      observers: [
        { failed: (error) => void failures.push(error) },
        {
          answered: () => {
            throw new Error('observer')
          },
        },
      ],
    })
    const response = await handler(new Request('http://localhost/accounts'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(failures).toHaveLength(1)
  })
})

test('logs tell what was done and by whom, and no secret', async () => {
  const told: string[] = []
  const say = (about: object, message: string) => void told.push(`${message} ${JSON.stringify(about)}`)
  const answered: Answered[] = []
  const server = await openServer({
    logger: { info: say, warn: say, error: say },
    observers: [{ answered: (each) => void answered.push(each) }],
  })
  await paidSession(server)
  const headers = { cookie: 'session=SECRET1', 'x-api-key': 'SECRET2' }
  await server.ask({
    as: 'chen',
    path: '/sessions/complete',
    body: { id: 's1', measures: {} },
    headers,
    key: 'SECRET3',
  })
  await server.ask({
    as: 'chen',
    path: '/sessions/complete?token=SECRET4',
    body: { id: 's1', card: '4111111111111111' },
  })
  await server.ask({ as: 'SECRET5', path: '/sessions/s1' })
  expect(told).toHaveLength(3)
  expect(told.join()).not.toMatch(/SECRET|4111/)
  expect(told[0]).toContain('POST /sessions/complete 200')
  expect(answered[0]).toMatchObject({
    operation: 'sessions.complete',
    principal: { id: 'chen' },
    status: 200,
    code: null,
  })
  expect(answered[1]).toMatchObject({ status: 400, code: 'invalid_input' })
})

test('a handler that drains answers what was begun and refuses the rest', async () => {
  const { ask, handler, ledger } = await open()
  const underWay = ask({ ...complete, as: 'chen' })
  const drained = handler.drain()
  expect((await underWay).status).toBe(200)
  await drained
  expect(await ask({ path: '/sessions/s1' })).toMatchObject({ status: 503, body: { code: 'draining' } })
  expect((await ask({ path: '/health' })).status).toBe(200)
  expect((await ask({ path: '/ready' })).status).toBe(503)
  expect(await ledger.verify()).toMatchObject({ ok: true })
})

test('a request that takes too long is told so, and what is still queued is taken back', async () => {
  const { ledger } = await open()
  let free = () => {}
  const hung = new Promise<null>((resolve) => {
    free = () => resolve(null)
  })
  const handler = createHandler({ ledger, authenticate: () => hung, limits: { timeoutMs: 20 } })
  const response = await handler(new Request('http://localhost/accounts'))
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([504, 'timed_out'])
  free()
})

test('terms that a payer makes up are for the host to refuse', async () => {
  const { ask, ledger, before } = await open()
  const body = { id: 'x', payer: 'chen', parties: { coach: 'chen' }, amount: inr('1.00'), terms }
  expect((await ask({ as: 'chen', path: '/sessions/open', body })).status).toBe(403)
  expect(await booksOf(ledger)).toBe(before)
})
