import { access, type GuardedOperation, roles } from '@escrow-ledger/http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { examples, settledWorld } from './fixtures/every-operation.js'
import { booksOf, openServer } from './fixtures/open-server.js'

const long = process.env.TEST_LONG === '1'
const operations = Object.keys(access) as GuardedOperation[]

/** What clients send where something else is meant. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    's1',
    's2',
    's3',
    'o1',
    'p1',
    'chen',
    'priya',
    'razorpay',
    'nobody',
    null,
    true,
    [],
    {},
    0,
    -1,
    1e308,
  ),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '\u202e',
    '../../etc/passwd',
    "'; DROP TABLE ledger_entries; --",
    '{"$ne":null}',
    'x'.repeat(5_000),
  ),
  fc.constantFrom('0.00', '-1.00', '1e9', '99999999999999999999.00', '1.001', 'Infinity', '١٢'),
  fc.record({
    amount: fc.constantFrom('1.00', '0.5', '-5', '', 'x'),
    currency: fc.constantFrom('INR', 'USD', 'JPY', 'XXX', '', 'inr'),
  }),
  fc.jsonValue({ maxDepth: 4 }),
)

/** A body of an operation of which something was left out, added or put in another's place. */
function mutated(body: unknown): fc.Arbitrary<unknown> {
  const fields = Object.keys((body ?? {}) as object)
  const field = fc.constantFrom(
    ...fields,
    'id',
    'status',
    'amount',
    'early',
    'outcome',
    'payment',
    'metadata',
    '__proto__',
    'constructor',
  )
  const changes = fc.array(fc.tuple(field, fc.option(odd, { nil: undefined })), { maxLength: 3 })
  return changes.map((list) => {
    const copy = Object.assign(Object.create(null), body) as Record<string, unknown>
    for (const [name, value] of list) {
      if (value === undefined) delete copy[name]
      else Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
    }
    return copy
  })
}

const path = (of: string) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(of) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `${of}${encodeURIComponent(text)}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('currency', 'after', 'limit', 'from', 'through', 'asOf', 'prefix', 'payee', 'state', 'x'),
          fc.string({ unit: 'grapheme', maxLength: 30 }),
        )
        .map(([name, value]) => `${of}${of.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`),
    },
  )

const request = fc.constantFrom(...operations).chain((operation) => {
  const { path: of, body } = examples[operation]
  return fc.record({
    operation: fc.constant(operation),
    path: path(of),
    body:
      body === undefined
        ? fc.constant(undefined)
        : fc.oneof<fc.Arbitrary<unknown>[]>(mutated(body), mutated(body), fc.uint8Array({ maxLength: 100 }), fc.json()),
    role: fc.constantFrom(...roles),
    id: fc.constantFrom('chen', 'priya', 'mallory'),
    key: fc.oneof(fc.constantFrom('k1', 'k2'), fc.string({ maxLength: 10 })),
  })
})

test('no request is answered with a failure of ours, and a refused one changes nothing', {
  timeout: 600_000,
}, async () => {
  const principal = { id: 'chen', roles: [...roles] }
  const asking = { ...principal }
  const server = await openServer({ authenticate: () => asking, gateways: { razorpay: acceptingGateway } })
  await settledWorld(server)
  let before = await booksOf(server.ledger)
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      Object.assign(asking, { id: given.id, roles: [given.role] })
      const key = /^[\x20-\x7e]*$/.test(given.key) ? given.key : 'k3'
      const method = given.body === undefined ? 'GET' : 'POST'
      const answer = await server.ask({ method, path: given.path, body: given.body, key })
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500)
      const after = await booksOf(server.ledger)
      if (answer.status >= 400) expect(after).toBe(before)
      before = after
    }),
    { numRuns: long ? 20_000 : 600, seed: Number(process.env.PROPERTY_SEED) },
  )
  // Not all of it was refused, and not all for one reason.
  for (const status of [200, 400, 403, 404]) expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(5)
  expect(await server.ledger.verify()).toMatchObject({ ok: true })
})
