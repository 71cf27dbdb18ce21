import { existsSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { exponentOf, isCurrency } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { createRazorpayGateway, type RazorpayOptions } from '../src/index.js'
import { stepMinor, wireExponentOf } from '../src/wire-money.js'
import { answeringServer } from './fixtures/answering-server.js'
import { keys, orderCall, testGateway } from './fixtures/test-gateway.js'

const live = { environment: 'live', keyId: 'rzp_live_1DP5mmOlF5G5ag' } as const

describe('the options', () => {
  test.each<[string, object, string]>([
    ['a live key in the test environment', { keyId: 'rzp_live_1DP5mmOlF5G5ag' }, 'keyId'],
    ['a test key in the live environment', { environment: 'live' }, 'keyId'],
    ['no environment', { environment: undefined }, 'environment'],
    ['another environment', { environment: 'toString' }, 'environment'],
    ['no key', { keyId: undefined }, 'keyId'],
    ['no secret', { keySecret: '' }, 'keySecret'],
    ['a live key for another address', { ...live, baseUrl: 'http://127.0.0.1:4010' }, 'baseUrl'],
    [
      'a live key for an address that looks like it',
      { ...live, baseUrl: 'https://api.razorpay.com.example' },
      'baseUrl',
    ],
    ['a live key over plain http', { ...live, baseUrl: 'http://api.razorpay.com' }, 'baseUrl'],
    ['an address with a path', { baseUrl: 'http://127.0.0.1:4010/v1' }, 'baseUrl'],
    ['an address with credentials', { baseUrl: 'http://a:b@127.0.0.1:4010' }, 'baseUrl'],
    ['no address', { baseUrl: 'razorpay' }, 'baseUrl'],
    ['an empty webhook secret', { webhookSecrets: [''] }, 'webhookSecrets'],
    ['no time', { timeoutMs: 0 }, 'timeoutMs'],
    ['an account number that is none', { payouts: { accountNumber: '../1' } }, 'payouts.accountNumber'],
  ])('are refused with %s', (_, change, path) => {
    const create = () => createRazorpayGateway({ ...keys, ...change } as RazorpayOptions)
    expect(create).toThrow(
      expect.objectContaining({ code: 'invalid_input', issues: [expect.objectContaining({ path })] }),
    )
  })

  test('may name the own address of Razorpay', () => {
    const gateway = createRazorpayGateway({ ...keys, ...live, baseUrl: 'https://api.razorpay.com/' })
    expect(gateway.webhooks).toBeUndefined()
    expect(gateway.deadlineMs).toBe(30_000)
  })

  test('name the account that payouts leave from', () => {
    const payouts = { accountNumber: '7878780080316316' }
    expect(createRazorpayGateway({ ...keys, payouts }).payouts).toBe('gateway:razorpay:payouts')
    expect(createRazorpayGateway({ ...keys, payouts, name: 'rzp-2' }).payouts).toBe('gateway:rzp-2:payouts')
  })

  test('bring their own agent', async () => {
    const server = await answeringServer(() => ({ body: JSON.stringify({ id: 'order_1' }) }))
    const agent = new Agent({ keepAlive: true })
    const { gateway, context } = testGateway(server.url, { agent })
    await gateway.send(orderCall, context)
    await gateway.send(orderCall, context)
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1)
    agent.destroy()
  })
})

const file = new URL('../../../../shared/contracts/razorpay/currencies-exponents.json', import.meta.url)
const presence = existsSync(file) ? '' : ' (skipped: ../shared/contracts is not there)'

describe.skipIf(presence)(`the decimals of Razorpay's wire${presence}`, () => {
  test('are as documented for every currency', () => {
    const { currencies } = JSON.parse(readFileSync(file, 'utf8')) as {
      currencies: Record<string, { exponent: string }>
    }
    const documented = Object.entries(currencies).map(([code, { exponent }]) => [code, exponent])
    expect(documented.length).toBeGreaterThan(100)
    expect(documented.map(([code = '']) => [code, String(wireExponentOf(code))])).toEqual(documented)
  })

  test('take every multiple of the step, whatever ISO 4217 says', () => {
    const { currencies } = JSON.parse(readFileSync(file, 'utf8')) as { currencies: object }
    for (const code of Object.keys(currencies).filter(isCurrency)) {
      const perStep = 10n ** BigInt(Math.max(0, exponentOf(code) - wireExponentOf(code)))
      expect([code, stepMinor(code) % perStep]).toEqual([code, 0n])
    }
    expect([stepMinor('INR'), stepMinor('JPY'), stepMinor('KWD')]).toEqual([1n, 1n, 10n])
  })
})
