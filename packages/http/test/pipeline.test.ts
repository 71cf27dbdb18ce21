import { type Answered, createHandler, Problem } from '@escrow-ledger/http'
import { ledgerError } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { withManualSleep } from './fixtures/manual-sleep.js'
import { booksOf, openServer, paidSession, people } from './fixtures/open-server.js'

const complete = { path: '/sessions/complete', body: { id: 's1' } }

async function open(...given: Parameters<typeof openServer>) {
  const server = await openServer(...given)
  await paidSession(server)
  return { ...server, before: await booksOf(server.ledger) }
}

function completing(more: RequestInit = {}): Request {
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1' }
  return new Request('http://localhost/sessions/complete', { method: 'POST', headers, body: '{"id":"s1"}', ...more })
}

/** One whose body does not come, so that whoever reads it waits. */
const withheld = () => completing({ body: new ReadableStream({}), duplex: 'half' } as RequestInit)

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code

/** A promise, and what ends it. */
function gate<Value>() {
  let open: (value: Value) => void = () => {}
  const passed = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

describe('a method', () => {
  test.each([
    ['/sessions/complete', 'POST, GET, HEAD, OPTIONS'],
    ['/sessions/s1/timeline', 'GET, HEAD, OPTIONS'],
    ['/payments/capture', 'POST, OPTIONS'],
  ])('of %s is told to whoever asks for that alone, known or not', async (path, allow) => {
    const { ask } = await open()
    const { status, headers, body } = await ask({ as: null, method: 'OPTIONS', path })
    expect([status, headers.get('allow'), body]).toEqual([204, allow, null])
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('that is OPTIONS of a path that there is not finds none', async () => {
    const { ask } = await open()
    expect(await ask({ method: 'OPTIONS', path: '/nothing' })).toMatchObject({ status: 404 })
  })

  test('that is HEAD is answered as GET is, without a body and with the same checks', async () => {
    const { ask } = await open()
    const head = await ask({ as: 'chen', method: 'HEAD', path: '/sessions/s1' })
    expect([head.status, head.body, head.headers.get('content-type')]).toEqual([
      200,
      null,
      'application/json; charset=utf-8',
    ])
    expect((await ask({ as: 'mallory', method: 'HEAD', path: '/sessions/s1' })).status).toBe(404)
    expect((await ask({ method: 'HEAD', path: '/sessions/s1/dispute' })).status).toBe(404)
  })
})

describe('credentials', () => {
  test('that are missing or wrong are told which are taken', async () => {
    const nobody = await (await open()).ask({ as: null, ...complete })
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    const unseen = await openServer({ authenticate: () => ({ id: 'chen\u200b', roles: ['payer'] }) })
    const wrong = await unseen.ask(complete)
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  test('in the words of the host are refused in its words', async () => {
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
    const { ask, ledger, before } = await open({
      authenticate: () => {
        throw new Problem(401, 'session_ended', 'Sign in again.', { headers })
      },
    })
    const answer = await ask(complete)
    expect(answer).toMatchObject({ status: 401, body: { code: 'session_ended', detail: 'Sign in again.' } })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(await booksOf(ledger)).toBe(before)
  })

  test.each([
    [['sessions.get'], 403],
    [['sessions.completed'], 403],
    [['sessions'], 403],
    [[], 403],
    [['sessions.*'], 200],
    [['payouts.*', 'sessions.complete'], 200],
  ])('with the scopes %j are answered %d', async (scopes, status) => {
    const { ask, ledger, before } = await open({ authenticate: () => ({ id: 'chen', roles: ['payer'], scopes }) })
    const answer = await ask(complete)
    expect(answer.status).toBe(status)
    if (status === 200) return
    expect(answer.body.code).toBe('out_of_scope')
    expect(await booksOf(ledger)).toBe(before)
  })

  test('are asked for before anything of the body is read', async () => {
    const { handler } = await open()
    expect((await handler(withheld())).status).toBe(401)
  })
})

describe('a limiter', () => {
  const state = (exceeded: boolean) => ({ limit: 5, remaining: exceeded ? 0 : 4, resetSeconds: 7.2, exceeded })

  test('counts once by address and once by principal, before the body is read', async () => {
    const asked: unknown[] = []
    const { handler, before, ledger } = await open({
      authenticate: () => people.chen ?? null,
      limiter: {
        take: async ({ principal, address }) => {
          asked.push([address, principal?.id ?? null])
          return state(principal !== null)
        },
      },
    })
    const refused = await handler(withheld(), { address: '192.0.2.1' })
    expect(asked).toEqual([
      ['192.0.2.1', null],
      ['192.0.2.1', 'chen'],
    ])
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'rate_limited'])
    const told = ['retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']
    expect(told.map((name) => refused.headers.get(name))).toEqual(['8', '5', '0', '8'])
    expect(await booksOf(ledger)).toBe(before)
  })

  test('that refuses an address keeps it from being asked who it is', async () => {
    let asked = 0
    const { ask } = await open({
      authenticate: () => {
        asked += 1
        return null
      },
      limiter: { take: async () => state(true) },
    })
    expect((await ask(complete)).status).toBe(429)
    expect(asked).toBe(0)
  })
})

describe('a policy', () => {
  test('refuses before anything of the body is read, and knows who asks for what', async () => {
    const asked: unknown[] = []
    const { handler, ledger, before } = await open({
      authenticate: () => people.chen ?? null,
      policies: [
        ({ operation, principal }) => {
          asked.push([operation, principal?.id])
          return new Problem(402, 'plan_too_small', 'Not on this plan.')
        },
      ],
    })
    const refused = await handler(withheld())
    expect([refused.status, await codeOf(refused)]).toEqual([402, 'plan_too_small'])
    expect(asked).toEqual([['sessions.complete', 'chen']])
    expect(await booksOf(ledger)).toBe(before)
  })
})

describe('a body', () => {
  test.each(['gzip', 'br', 'deflate, gzip'])('that is compressed by %s is refused', async (coding) => {
    const { ask, ledger, before } = await open()
    const answer = await ask({ as: 'chen', ...complete, headers: { 'content-encoding': coding } })
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    expect(answer.headers.get('accept-encoding')).toBe('identity')
    expect(await booksOf(ledger)).toBe(before)
  })

  test('that is larger than it says, or says nothing, is refused at its limit, and dropped for a while after it', async () => {
    const { ledger, before } = await open()
    const handler = createHandler({ ledger, authenticate: () => people.chen ?? null, limits: { bodyBytes: 100 } })
    const piece = new Uint8Array(1_048_576)
    const seen = { given: 0, cancelled: false }
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          seen.given += 1
          controller.enqueue(piece)
        },
        cancel() {
          seen.cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    const response = await handler(completing({ body, duplex: 'half' } as RequestInit))
    expect([response.status, await codeOf(response)]).toEqual([413, 'body_too_large'])
    await expect.poll(() => seen).toEqual({ given: 17, cancelled: true })
    expect(await booksOf(ledger)).toBe(before)
  })

  test('that is refused and does not come is given up', async () => {
    const opened = await open()
    const { ledger, pass } = withManualSleep(opened.ledger)
    const handler = createHandler({ ledger, authenticate: () => null, limits: { readMs: 1_000 } })
    let isCancelled = false
    const body = new ReadableStream({
      cancel() {
        isCancelled = true
      },
    })
    expect((await handler(completing({ body, duplex: 'half' } as RequestInit))).status).toBe(401)
    expect(isCancelled).toBe(false)
    pass(1_000)
    await expect.poll(() => isCancelled).toBe(true)
  })

  test('that breaks off is refused', async () => {
    const { handler, ledger, before } = await open({ authenticate: () => people.chen ?? null })
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":"s1"}'))
        controller.error(new Error('reset'))
      },
    })
    const response = await handler(completing({ body, duplex: 'half' } as RequestInit))
    expect([response.status, await codeOf(response)]).toEqual([400, 'body_broken'])
    expect(await booksOf(ledger)).toBe(before)
  })

  test.each([
    ['{"id":"s1","measures":{"__proto__":3}}', {}],
    ['{"__proto__":null,"__proto__":{"roles":["operator"]},"id":"s1"}', null],
  ])('of prototypes changes no prototype: %s', async (body, measures) => {
    const { ask, ledger } = await open()
    const answer = await ask({ as: 'chen', path: '/sessions/complete', body })
    expect(answer.status).toBe(measures === null ? 400 : 200)
    if (measures !== null) expect((await ledger.escrows.get('s1')).measures).toEqual(measures)
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as { roles?: unknown }).roles).toBeUndefined()
  })
})

describe('time that is up', () => {
  test('while somebody is found out about keeps what they asked for from being done', async () => {
    const { ledger, before } = await open()
    const { passed, open: authenticated } = gate<(typeof people)[string]>()
    const manual = withManualSleep(ledger)
    const handler = createHandler({ ledger: manual.ledger, authenticate: () => passed as never })
    const answer = handler(completing())
    manual.pass(30_000)
    const response = await answer
    expect([response.status, await codeOf(response)]).toEqual([504, 'timed_out'])
    authenticated({ id: 'chen', roles: ['payer'] })
    await new Promise((resolve) => setImmediate(resolve))
    await handler.drain()
    expect(await booksOf(ledger)).toBe(before)
  })

  test('while it is done is told, and draining waits for what was begun', async () => {
    const { ledger } = await open()
    const { passed: mayComplete, open: release } = gate<void>()
    const { passed: begun, open: begin } = gate<void>()
    const slow: typeof ledger.escrows = {
      ...ledger.escrows,
      async complete(...given) {
        begin()
        await mayComplete
        return ledger.escrows.complete(given[0])
      },
    }
    const manual = withManualSleep({ ...ledger, escrows: slow })
    const handler = createHandler({ ledger: manual.ledger, authenticate: () => people.chen ?? null })
    const answer = handler(completing())
    await begun
    manual.pass(30_000)
    expect((await answer).status).toBe(504)
    let drained = false
    const draining = handler.drain().then(() => {
      drained = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(drained).toBe(false)
    release()
    await draining
    expect((await ledger.escrows.get('s1')).status).toBe('completed')
  })
})

test('a client that goes leaves no failure of ours behind, and nothing is done for it', async () => {
  const answered: Answered[] = []
  const { ledger, before } = await open()
  const handler = createHandler({
    ledger,
    authenticate: () => people.chen ?? null,
    observers: [{ answered: (each) => void answered.push(each) }],
  })
  const client = new AbortController()
  const request = completing({ signal: client.signal })
  client.abort()
  const response = await handler(request)
  expect([response.status, await codeOf(response)]).toEqual([499, 'client_gone'])
  expect(answered).toMatchObject([{ status: 499, code: 'client_gone' }])
  expect(await booksOf(ledger)).toBe(before)
})

describe('a handler never rejects', () => {
  test('whatever observers and loggers do', async () => {
    const throwing = () => {
      throw new Error('telling failed')
    }
    const { ledger } = await open()
    const handler = createHandler({
      ledger,
      authenticate: () => people.chen ?? null,
      logger: { info: throwing, warn: throwing, error: throwing },
      observers: [
        { around: async (_, work) => work().then(throwing), answered: throwing, failed: throwing },
        { around: async () => new Response('not JSON', { status: 503 }) },
      ],
    })
    const response = await handler(completing())
    expect([response.status, await response.text()]).toEqual([503, 'not JSON'])
  })

  test('when an observer fails after the work, which is done once', async () => {
    const { ledger, handler } = await open({
      authenticate: () => people.chen ?? null,
      observers: [
        {
          async around(_, work) {
            await work()
            throw new Error('the trace is gone')
          },
        },
      ],
    })
    const response = await handler(completing())
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([200, null])
    expect((await ledger.escrows.get('s1')).status).toBe('completed')
  })

  test.each<[string, Parameters<typeof openServer>[0]]>([
    ['a limiter', { limiter: { take: () => Promise.reject(new Error('password=hunter2')) } }],
    ['a policy', { policies: [() => Promise.reject(new Error('password=hunter2'))] }],
    ['an authenticator that throws no error', { authenticate: () => Promise.reject('password=hunter2') }],
    ['an authenticator that answers nonsense', { authenticate: () => 'chen' as never }],
  ])('when %s of the host fails', async (_, given) => {
    const { ask, ledger, before } = await open(given)
    const { status, body } = await ask(complete)
    expect([401, 500]).toContain(status)
    expect(JSON.stringify(body)).not.toContain('hunter2')
    expect(await booksOf(ledger)).toBe(before)
  })

  test('when a fact of a refusal has no form on the wire', async () => {
    const { ask } = await open({
      authenticate: () => {
        throw ledgerError('insufficient_funds', 'Not enough.', { available: 5n } as never)
      },
    })
    expect(await ask(complete)).toMatchObject({ status: 409, body: { code: 'insufficient_funds' } })
  })
})

test('the log of a bug has its words and where it was, and no secret that hangs on it', async () => {
  const told: object[] = []
  const say = (about: object) => void told.push(about)
  const cause = Object.assign(new Error('GET https://id.example/?token=SECRET1 answered 500'), {
    config: { headers: { authorization: 'Bearer SECRET2SECRET2' } },
  })
  const { ask } = await open({
    logger: { info: say, warn: say, error: say },
    authenticate: () => {
      throw new Error('No answer for priya@example.com, card 4111 1111 1111 1111, Bearer SECRET3SECRET3', { cause })
    },
  })
  const { body } = await ask(complete)
  expect(body).toMatchObject({ code: 'internal_error', instance: expect.stringMatching(/^[0-9a-f]{32}$/) })
  const text = JSON.stringify(told)
  expect(text).not.toMatch(/SECRET|4111|priya@/)
  expect(told[0]).toMatchObject({
    requestId: body.instance,
    operation: 'sessions.complete',
    err: { type: 'Error', message: expect.stringMatching(/^No answer for/), cause: { type: 'Error' } },
  })
  expect(text).toContain('pipeline.test.ts')
})
