import { readFileSync } from 'node:fs'
import { access, type GuardedOperation } from '@escrow-ledger/http'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { examples, settledWorld } from './fixtures/every-operation.js'
import {
  openapiDocument,
  openapiFile,
  referenceDocument,
  referenceFile,
  WRITE_COMMAND,
} from './fixtures/http-document.js'
import { openServer, START } from './fixtures/open-server.js'

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

const ajv = new Ajv2020({ strict: false })
formats.default(ajv)

/** Says what is wrong with an answer, by the schema that the document has for it. */
function wrongWith(operation: GuardedOperation | 'health' | 'ready', status: number, body: unknown): unknown {
  const found = operations.find(({ operationId }) => operationId === operation)
  const schema = found?.responses[String(status)]?.content?.['application/json']?.schema
  if (!schema) return `no answer with ${status} is documented`
  const validate = ajv.compile({ ...schema, components: (document as unknown as { components: object }).components })
  return validate(body) ? null : validate.errors
}

describe('an answer is what the document says', () => {
  test.each(Object.keys(access) as GuardedOperation[])('%s', async (operation) => {
    const server = await openServer({
      authenticate: () => ({ id: 'olga', roles: ['operator'] }),
      gateways: { razorpay: acceptingGateway },
    })
    await settledWorld(server)
    const { status, body } = await server.ask(examples[operation])
    expect(wrongWith(operation, status, body)).toBeNull()
  })

  test('of a probe, and of a problem', async () => {
    const { ask } = await openServer()
    for (const probe of ['health', 'ready'] as const) {
      const { status, body } = await ask({ as: null, path: `/${probe}` })
      expect(wrongWith(probe, status, body)).toBeNull()
    }
    const { components } = document as unknown as { components: { schemas: { Problem: object } } }
    const problem = await ask({ path: '/sessions/complete', body: { id: '', x: 1 } })
    expect(ajv.validate(components.schemas.Problem, problem.body), JSON.stringify(ajv.errors)).toBe(true)
    expect(problem.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(problem.body.issues.length).toBeGreaterThan(0)
  })
})

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
