import { describe, expect, test } from 'vitest'
import { answeringServer, type Given } from './fixtures/answering-server.js'
import { orderCall, testGateway } from './fixtures/test-gateway.js'

const order = { id: 'order_EKwxwAgItmmXdp', entity: 'order', amount: 50_000, currency: 'INR', status: 'created' }
const refusal = { code: 'BAD_REQUEST_ERROR', description: 'The amount is wrong.', reason: 'input_validation_failed' }
const error = JSON.stringify({ error: { ...refusal, field: 'amount' } })
const none = JSON.stringify({ entity: 'collection', count: 0, items: [] })

/** What comes of sending an order that is answered so; looked for, there is none. */
async function sendTo(given: Given) {
  const server = await answeringServer(({ method }) => (method === 'POST' ? given : { body: none }))
  const { gateway, context, exchanges } = testGateway(server.url)
  return { outcome: await gateway.send(orderCall, context), exchanges, server }
}

describe('what was not clearly refused is unknown:', () => {
  test.each<[string, Given]>([
    ['a 502 in HTML', { status: 502, body: '<html>' }],
    ["Razorpay's own 500", { status: 500, body: error }],
    ['a 403 of a proxy', { status: 403, body: '<html>Forbidden</html>' }],
    ["a 400 that is none of Razorpay's", { status: 400, body: '{"message":"no"}' }],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/v1/orders' } }],
    ['a 408', { status: 408, body: error }],
    ['a 409 while the key is being worked on', { status: 409, body: error }],
    ['a page with status 200', { body: '<html>' }],
    ['nothing with status 204', { status: 204 }],
    ['a list', { body: '[]' }],
    ['a text', { body: '"order"' }],
    ['half an answer', { body: JSON.stringify(order).slice(0, -1) }],
  ])('%s', async (_, given) => {
    const { outcome, exchanges, server } = await sendTo(given)
    expect(outcome).toMatchObject({ outcome: 'unknown' })
    expect(exchanges[0]).toMatchObject({ status: given.status ?? 200, answer: given.body ?? '' })
    // No redirect is followed: it would take the key along.
    expect(server.asked.every(({ url }) => url.startsWith('/v1/orders'))).toBe(true)
  })

  test.each<[string, object]>([
    ['an order without an id', { ...order, id: undefined }],
    ['an order whose id is a number', { ...order, id: 5 }],
  ])('%s', async (_, answer) => {
    await expect(sendTo({ body: JSON.stringify(answer) })).rejects.toThrow('Razorpay gave a order without id')
  })

  test('nobody there', async () => {
    const { gateway, context, exchanges } = testGateway('http://127.0.0.1:1')
    expect(await gateway.send(orderCall, context)).toMatchObject({
      ...{ outcome: 'unknown', reason: expect.stringContaining('ECONNREFUSED') },
    })
    expect(exchanges).toMatchObject([{ status: null, answer: null, error: expect.stringContaining('ECONNREFUSED') }])
  })

  test('no answer in time', async () => {
    const server = await answeringServer(() => 'silent')
    const { gateway, context, exchanges } = testGateway(server.url, { timeoutMs: 100 })
    expect(await gateway.send(orderCall, context)).toMatchObject({
      ...{ outcome: 'unknown', reason: expect.stringContaining('timeout of 100ms') },
    })
    expect(exchanges).toMatchObject([{ method: 'POST', path: '/v1/orders', status: null }])
  })

  test('a call that was ended, before or while it was under way', async () => {
    const ended = new AbortController()
    const server = await answeringServer(() => {
      ended.abort()
      return 'silent'
    })
    const { gateway, context } = testGateway(server.url)
    const stopping = { ...context, signal: ended.signal }
    expect(await gateway.send(orderCall, stopping)).toMatchObject({ outcome: 'unknown' })
    expect(await gateway.send(orderCall, stopping)).toMatchObject({ outcome: 'unknown' })
    expect(server.asked).toHaveLength(1)
  })
})

describe('a refusal', () => {
  test("has Razorpay's code, words and request id", async () => {
    const { outcome } = await sendTo({ status: 400, body: error, headers: { 'request-id': 'req_1' } })
    expect(outcome).toEqual({
      ...{ outcome: 'refused', code: 'BAD_REQUEST_ERROR', requestId: 'req_1' },
      reason: 'The amount is wrong., reason input_validation_failed, field amount (status 400)',
    })
  })

  test.each([
    ['Your account does not have enough balance to carry out the payout operation.', ''],
    ['The linked account does not have sufficient balance to process reversal', ''],
    ['Transfer cannot be made due to insufficient balance', ''],
    ['Payout failed', 'insufficient_funds'],
    ['The linked account is not activated', ''],
    ['KYC of the merchant is pending', ''],
    ['Authentication failed', ''],
  ])('in the words "%s" %s only waits', async (description, reason) => {
    const body = JSON.stringify({ error: { code: 'BAD_REQUEST_ERROR', description, reason } })
    expect((await sendTo({ status: 400, body })).outcome).toMatchObject({ outcome: 'waiting' })
  })

  test.each([
    ['30', 1_793_577_630_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ])('of too many requests waits for %s', async (retryAfter, retryAt) => {
    const { outcome } = await sendTo({ status: 429, body: error, headers: { 'retry-after': retryAfter } })
    expect(outcome).toEqual({ outcome: 'waiting', reason: 'The amount is wrong.', ...(retryAt && { retryAt }) })
  })
})

describe('an exchange', () => {
  test('is kept with what went over the wire, and without the key', async () => {
    const body = JSON.stringify(order)
    const { exchanges, server } = await sendTo({ body, headers: { 'request-id': 'req_2' } })
    expect(exchanges).toEqual([
      {
        ...{ method: 'POST', path: '/v1/orders', status: 200, answer: body, requestId: 'req_2', error: null },
        ...{ request: server.asked[0]?.body, at: 1_793_577_600_000 },
      },
    ])
    expect(server.asked[0]?.headers.authorization).toMatch(/^Basic /)
    expect(JSON.stringify(exchanges)).not.toMatch(/Basic|thisissecret/)
  })

  test('goes to the call that it belongs to, of many at once', async () => {
    const server = await answeringServer(({ body }) => ({ body: JSON.stringify({ ...order, receipt: body }) }))
    const { gateway, context } = testGateway(server.url)
    const kept = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const paths: string[] = []
        const key = `key-${index}`
        const { signal } = new AbortController()
        const own = {
          ...context,
          signal,
          record: ({ request }: { request: string | null }) => paths.push(request ?? ''),
        }
        await gateway.send({ ...orderCall, key }, own)
        return paths.length === 1 && paths[0]?.includes(`"receipt":"${key}"`)
      }),
    )
    expect(kept).toEqual(Array(20).fill(true))
  })
})

test('a proxy of the environment is not used for a server that stands in', async () => {
  const before = process.env.http_proxy
  process.env.http_proxy = 'http://127.0.0.1:1'
  try {
    expect((await sendTo({ body: JSON.stringify(order) })).outcome).toMatchObject({ outcome: 'accepted' })
  } finally {
    if (before === undefined) delete process.env.http_proxy
    else process.env.http_proxy = before
  }
})
