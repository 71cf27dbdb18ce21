import { readFileSync } from 'node:fs'
import { access, createHandler, type GuardedOperation, type Handler, type Role, trialPolicy } from '@escrow-ledger/http'
import { honoMount } from '@escrow-ledger/http/hono'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { mismatch, wrongWith } from './fixtures/answer-check.js'
import { examples, openSettled, settledWorld } from './fixtures/every-operation.js'
import { openapiDocument, openapiFile, referenceFile, WRITE_COMMAND } from './fixtures/http-document.js'
import { referenceDocument } from './fixtures/http-reference.js'
import { type Asked, openServer, type Server, START } from './fixtures/open-server.js'

const document = openapiDocument()
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))

test('the document is valid OpenAPI 3.1', async () => {
  expect(await new Validator().validate(JSON.parse(JSON.stringify(document)))).toMatchObject({ valid: true })
})

test('the document and the table of who may do what name the same operations', () => {
  const guarded = operations.filter(({ security }) => security.length > 0).map(({ operationId }) => operationId)
  expect(guarded.sort()).toEqual(Object.keys(access).sort())
})

test('docs/openapi.json and docs/http.md are as the handlers are', () => {
  const again = `Write them again with: ${WRITE_COMMAND}`
  expect(readFileSync(openapiFile, 'utf8'), again).toBe(`${JSON.stringify(document, null, 2)}\n`)
  expect(readFileSync(referenceFile, 'utf8'), again).toBe(referenceDocument(document))
})

describe('an answer is what the document says', () => {
  test.each(Object.keys(access) as GuardedOperation[])('%s', async (operation) => {
    const server = await openSettled({ authenticate: () => ({ id: 'olga', roles: ['operator'] }) })
    const answer = await server.ask(examples[operation])
    expect(answer.status).toBeLessThan(300)
    expect(wrongWith(operation, answer)).toBeNull()
  })

  test('of a probe, and of a problem', async () => {
    const { ask } = await openServer()
    for (const probe of ['health', 'ready'] as const) {
      expect(wrongWith(probe, await ask({ as: null, path: `/${probe}` }))).toBeNull()
    }
    const problem = await ask({ path: '/sessions/complete', body: { id: '', x: 1 } })
    expect(wrongWith('sessions.complete', problem)).toBeNull()
    expect(problem.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(problem.body.issues.length).toBeGreaterThan(0)
  })
})

test('the document says where clients reach the routes, as far as that is known', async () => {
  const { ledger, handler } = await openServer()
  const authenticate = () => null
  const serversOf = async (given: Handler, path: string, context = {}) => {
    const response = await given(new Request(`http://localhost${path}/openapi.json`), context)
    return ((await response.json()) as { servers: unknown }).servers
  }
  expect(await serversOf(handler, '')).toEqual([{ url: '/' }])
  expect(await serversOf(handler, '', { mount: '/api' })).toEqual([{ url: '/api' }])
  const below = createHandler({ ledger, authenticate, basePath: '/v1' })
  expect(await serversOf(below, '/v1', { mount: '/api' })).toEqual([{ url: '/api/v1' }])
  expect(below.openapi).toMatchObject({ servers: [{ url: '/v1' }] })
  const servers = ['https://pay.example/api', '/api']
  const told = createHandler({ ledger, authenticate, servers })
  expect(told.openapi).toMatchObject({ servers: servers.map((url) => ({ url })) })
  expect(await serversOf(told, '', { mount: '/other' })).toEqual(servers.map((url) => ({ url })))

  const app = new Hono()
  app.all('/api/*', honoMount(handler, { basePath: '/api' }))
  const response = await app.request('http://localhost/api/openapi.json')
  expect(await response.json()).toMatchObject({ servers: [{ url: '/api' }] })
})

test('every code that the document names is explained where its type says', () => {
  const reference = readFileSync(referenceFile, 'utf8')
  const errors = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  for (const { description = '' } of Object.values(document.components.responses)) {
    const codes = [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(0)
    for (const code of codes) {
      expect(errors.includes(`\n## ${code}\n`) || reference.includes(`\`${code}\``), code).toBe(true)
    }
  }
})

test('every example is what its schema says', () => {
  const checked: string[] = []
  const walk = (at: unknown, path: string): void => {
    if (typeof at !== 'object' || at === null) return
    const { examples: own, example } = at as { examples?: unknown; example?: unknown }
    const schema = 'schema' in at ? (at.schema as object) : at
    const given = [...(Array.isArray(own) ? own : []), ...(example === undefined ? [] : [example])]
    for (const each of given) {
      expect(mismatch(schema, each), path).toBeNull()
      checked.push(path)
    }
    for (const [name, value] of Object.entries(at)) if (!name.startsWith('example')) walk(value, `${path}/${name}`)
  }
  walk(JSON.parse(JSON.stringify(document)), '')
  for (const [path, methods] of Object.entries(document.paths)) {
    if (methods.post && !path.endsWith('/webhook')) {
      expect(checked).toContain(`/paths/${path}/post/requestBody/content/application/json/schema`)
    }
  }
})

test('a refusal is documented where it is met', async () => {
  const server = await openServer({
    gateways: { razorpay: acceptingGateway },
    limits: { bodyBytes: 400 },
    policies: [trialPolicy()],
    limiter: { take: async ({ address }) => (address === null ? null : tooMany) },
    authenticate: ({ headers }) => {
      const roles = [headers.get('x-role') ?? 'operator'] as Role[]
      return headers.has('x-nobody') ? null : { id: 'olga', roles, plan: headers.get('x-plan') ?? '', trialEndsAt: 0 }
    },
  })
  await settledWorld(server)
  const met = new Set<number>()
  const operationIds = Object.keys(access) as GuardedOperation[]
  for (const operation of operationIds) {
    const { path, body, method = body === undefined ? 'GET' : 'POST' } = examples[operation]
    const large = { ...(body as object), padding: 'x'.repeat(400) }
    const asked: Asked[] = [
      { path, body, headers: { 'x-nobody': '1' } },
      { path, body, headers: { 'x-plan': 'trial' } },
      { path, body, headers: { 'x-role': 'admin' } },
      ...(method === 'GET'
        ? []
        : [
            { path, body: large },
            { path, body: '{', headers: { 'content-type': 'application/json' } },
            { path, body: 'id=1', headers: { 'content-type': 'text/plain' } },
            { path, body, key: null },
            { path, body, key: operation },
            { path, body, key: operation },
            { path, body },
          ]),
    ]
    for (const each of asked) {
      const answer = await server.ask(each)
      met.add(answer.status)
      expect(wrongWith(operation, answer), `${operation} ${answer.status}`).toBeNull()
    }
    const { status, body: problem } = await asIfFrom(server, path, method)
    met.add(status)
    expect(wrongWith(operation, { status, body: problem }), `${operation} ${status}`).toBeNull()
  }
  expect([...met].sort()).toEqual(expect.arrayContaining([400, 401, 402, 403, 409, 413, 415, 429]))
})

const tooMany = { limit: 1, remaining: 0, resetSeconds: 9, exceeded: true }

async function asIfFrom({ handler }: Server, path: string, method: string) {
  const response = await handler(new Request(`http://localhost${path}`, { method }), { address: '192.0.2.1' })
  return { status: response.status, body: await response.json() }
}

test('lists go on from page to page', async () => {
  const server = await openServer({ gateways: { razorpay: acceptingGateway } })
  await settledWorld(server)
  const codes: string[] = []
  for (let after = ''; ; ) {
    const { body } = await server.ask({ path: `/accounts?limit=3${after}` })
    codes.push(...body.items.map(({ code }: { code: string }) => code))
    if (body.next === null) break
    after = `&after=${encodeURIComponent(body.next)}`
  }
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes).toContain('payee:priya:payable')
  expect(await server.ask({ path: '/accounts?after=rubbish' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_cursor' },
  })
  expect(await server.ask({ path: '/accounts?limit=0' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_input' },
  })
})

test('what makes up a balance adds up to it, from any day on', async () => {
  const server = await openServer({ gateways: { razorpay: acceptingGateway } })
  await settledWorld(server)
  for (const from of [new Date(START).toISOString(), '2026-11-03', '2026-11-04T00:00:00Z']) {
    const { body } = await server.ask({ as: 'priya', path: `/payees/priya/balance?from=${encodeURIComponent(from)}` })
    const [{ payable, madeUpOf }] = body.balances
    const last = madeUpOf.lines.at(-1)?.balance ?? madeUpOf.opening
    expect(last).toEqual(payable)
  }
})
