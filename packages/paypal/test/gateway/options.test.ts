import { describe, expect, test } from 'vitest'
import { createPayPalGateway, type PayPalGatewayOptions } from '../../src/index.js'
import { orderCall, referenceOf } from '../fixtures/calls.js'
import { openGateway } from '../fixtures/open-gateway.js'

const options: PayPalGatewayOptions = { environment: 'sandbox', clientId: 'id', clientSecret: 'secret' }

describe('a gateway of PayPal', () => {
  test.each<Partial<PayPalGatewayOptions>>([
    { environment: 'live' },
    { environment: 'live', baseUrl: 'https://api-m.paypal.com' },
    { environment: 'live', baseUrl: 'https://api.paypal.com/' },
    { baseUrl: 'https://api-m.sandbox.paypal.com' },
    { baseUrl: 'http://127.0.0.1:4020' },
    { baseUrl: 'http://localhost:4020' },
    { baseUrl: 'https://paypal.example' },
  ])('is made with %j', (given) => {
    expect(createPayPalGateway({ ...options, ...given }).operations).toHaveProperty('refund')
  })

  test.each<[string, object]>([
    ['environment', { environment: 'test' }],
    ['environment', { environment: undefined }],
    ['clientId', { clientId: '' }],
    ['clientSecret', { clientSecret: undefined }],
    ['partnerId', { partnerId: '../x' }],
    ['attributionId', { attributionId: '' }],
    ['attributionId', { attributionId: 'Two words' }],
    ['attributionId', { attributionId: 'A\r\nX-Other: b' }],
    ['attributionId', { attributionId: 'A'.repeat(37) }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['intent', { intent: 'SALE' }],
    ['baseUrl', { environment: 'live', baseUrl: 'https://api-m.sandbox.paypal.com' }],
    ['baseUrl', { environment: 'live', baseUrl: 'http://127.0.0.1:4020' }],
    ['baseUrl', { environment: 'live', baseUrl: 'https://api-m.paypal.com.example' }],
    ['baseUrl', { environment: 'live', baseUrl: 'https://api-m.paypal.com@paypal.example' }],
    ['baseUrl', { baseUrl: 'https://api-m.paypal.com' }],
    ['baseUrl', { baseUrl: 'https://www.paypal.com' }],
    ['baseUrl', { baseUrl: 'https://api-m.paypal.com.' }],
    ['baseUrl', { baseUrl: 'http://paypal.example' }],
    ['baseUrl', { baseUrl: 'https://paypal.example/v1' }],
    ['baseUrl', { baseUrl: 'ftp://127.0.0.1' }],
    ['baseUrl', { baseUrl: 'paypal' }],
  ])('is not made with another %s: %j', (path, given) => {
    const make = () => createPayPalGateway({ ...options, ...given } as PayPalGatewayOptions)
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid_input', issues: [expect.objectContaining({ path })] }),
    )
  })

  test('says what is missing when it is made without options', () => {
    // @ts-expect-error: callers without types forget them.
    expect(() => createPayPalGateway()).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('says how long a call may take, and what it takes at the least', () => {
    const gateway = createPayPalGateway({ ...options, timeoutMs: 1_000 })
    expect(gateway.deadlineMs).toBe(5_000)
    expect([gateway.minimumMinor?.('USD'), gateway.minimumMinor?.('HUF')]).toEqual([1n, 100n])
    const asked = createPayPalGateway({ ...options, minimumMinor: () => 500n })
    expect(asked.minimumMinor?.('USD')).toBe(500n)
  })

  test('has a window for each kind of call that is within that of PayPal', () => {
    const { order, capture, refund, payout } = createPayPalGateway(options).operations
    const hours = (ms: number | null | undefined) => (ms ?? 0) / 3_600_000
    for (const [operation, most] of [
      [order, 6],
      [capture, 6],
      [refund, 45 * 24],
      [payout, 30 * 24],
    ] as const) {
      expect(hours(operation?.resendWindowMs)).toBeLessThan(most)
      expect(hours(operation?.resendWindowMs)).toBeGreaterThan(most - 1)
    }
  })

  test('uses the transport that it is given', async () => {
    const { Agent } = await import('node:http')
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 })
    const { send } = await openGateway({ gateway: { httpAgent } })
    referenceOf(await send(orderCall()))
    expect(Object.keys(httpAgent.freeSockets)).toHaveLength(1)
    httpAgent.destroy()
  })
})
