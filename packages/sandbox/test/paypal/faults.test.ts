import { OrdersController } from '@paypal/paypal-server-sdk'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/index.js'
import { clientOf } from './client.js'
import { HOUR, openSandbox, orderOf } from './open-sandbox.js'

async function capture(fault: Fault) {
  const { sandbox, paypal, call } = await openSandbox()
  const orders = new OrdersController(clientOf(sandbox))
  const created = await call('POST', '/v2/checkout/orders', orderOf('10.00'))
  const id: string = created.body.id
  paypal.approve(id)
  sandbox.faults.plan({ gateway: 'paypal', operation: 'captureOrder', fault })
  const attempt = () => orders.captureOrder({ id, paypalRequestId: 'c-1', prefer: 'return=representation' })
  const first = await attempt().catch((error: unknown) => error as { statusCode?: number; code?: string })
  const paid = () => paypal.balances()['outside:payers']?.USD ?? 0n
  return { first, paidAfterFirst: paid(), attempt, paid }
}

describe('a capture whose answer is lost', () => {
  test.each<[Fault, bigint, object]>([
    [{ kind: 'resetBefore' }, 0n, { code: 'ECONNRESET' }],
    [{ kind: 'resetAfter' }, -1000n, { code: 'ECONNRESET' }],
    [{ kind: 'errorBefore', status: 503 }, 0n, { statusCode: 503 }],
    [{ kind: 'errorAfter', status: 500 }, -1000n, { statusCode: 500 }],
    [{ kind: 'rateLimited', retryAfterS: 3 }, 0n, { statusCode: 429 }],
    [{ kind: 'latency', ms: 20 }, -1000n, { statusCode: 201 }],
  ])('%j: is done once in the end, under its key', async (fault, paidMinor, error) => {
    const { first, paidAfterFirst, attempt, paid } = await capture(fault)
    expect(first).toMatchObject(error)
    expect(paidAfterFirst).toBe(paidMinor)
    expect((await attempt()).result.status).toBe('COMPLETED')
    expect(paid()).toBe(-1000n)
  })

  test('is unreadable, and yet done', async () => {
    const { first, paid } = await capture({ kind: 'unreadable' })
    expect(first).not.toHaveProperty('result.status')
    expect(paid()).toBe(-1000n)
  })
})

describe('an access token', () => {
  test('is good for nine hours, for the right client', async () => {
    const { sandbox, paypal, call } = await openSandbox()
    const read = async () => (await call('GET', '/v2/checkout/orders/X')).status
    expect(await read()).toBe(404)
    await sandbox.clock.advance(9 * HOUR)
    expect(await read()).toBe(401)
    const authorization = `Basic ${Buffer.from(`${paypal.clientId}:wrong`).toString('base64')}`
    const refused = await fetch(`${paypal.url}/v1/oauth2/token`, { method: 'POST', headers: { authorization } })
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: 'invalid_client' }])
  })

  test('is revoked', async () => {
    const { paypal, call } = await openSandbox()
    expect((await call('GET', '/v1/reporting/balances')).status).toBe(200)
    paypal.revokeTokens()
    expect(await call('GET', '/v1/reporting/balances')).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })
})

describe('over HTTP', () => {
  test('a person can do what the acts do, and look at what is held', async () => {
    const { paypal, call } = await openSandbox()
    const control = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${paypal.url}/sandbox/${path}`, { method, body: JSON.stringify(body) })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const act = (name: string, input: object) => control('POST', `acts/paypal/${name}`, input)
    const order = await call('POST', '/v2/checkout/orders', orderOf('10.00'))
    expect((await act('approve', { id: order.body.id })).status).toBe(200)
    expect((await act('approve', { id: order.body.id })).status).toBe(400)
    expect((await act('topUp', { currency: 'USD', amountMinor: '250' })).status).toBe(200)
    expect((await act('topUp', { currency: 'USD', amountMinor: 250 })).status).toBe(400)
    const response = await fetch(`${paypal.url}/sandbox/balances/paypal`)
    expect(await response.json()).toMatchObject({ [`balance:${paypal.merchantId}`]: { USD: '250' } })
    expect(await (await fetch(`${paypal.url}/sandbox/paypal`)).text()).toContain('PayPal, stood in for')
    const approval = order.body.links.find(({ rel }: { rel: string }) => rel === 'approve')
    expect((await fetch(approval.href)).url).toBe(`${paypal.url}/sandbox/paypal?order=${order.body.id}`)
    const state = await (await fetch(`${paypal.url}/sandbox/state/paypal`)).json()
    expect(state).toMatchObject({ orders: [{ id: order.body.id, status: 'APPROVED', amount: 'USD 10.00' }] })
  })
})
