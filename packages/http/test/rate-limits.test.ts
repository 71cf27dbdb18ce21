import { trialPolicy } from '@escrow-ledger/http'
import { createRateLimiter, networkOf, type RateStore, rateRules } from '@escrow-ledger/http/rate-limits'
import { describe, expect, test } from 'vitest'
import { booksOf, DAY, inr, openServer, paidSession, START } from './fixtures/open-server.js'

const rules = [
  { operations: ['*'], by: 'address', requests: 5, perSeconds: 600 },
  { operations: ['payouts.request'], by: 'principal', requests: 2, perSeconds: 600 },
] as const

describe('rate limits', () => {
  test('count principals, and say what is left', async () => {
    const { ask, ledger } = await openServer({ limiter: createRateLimiter({ rules }) })
    const request = (id: string, as: string) =>
      ask({ as, path: '/payouts/request', body: { id, payee: as, amount: inr('1.00'), gateway: 'razorpay' } })
    const first = await request('a', 'priya')
    expect(first.headers.get('ratelimit-limit')).toBe('2')
    expect(first.headers.get('ratelimit-remaining')).toBe('1')
    await request('b', 'priya')
    const before = await booksOf(ledger)
    const third = await request('c', 'priya')
    expect(third).toMatchObject({ status: 429, body: { code: 'rate_limited', retryable: true } })
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await booksOf(ledger)).toBe(before)
    expect((await request('d', 'mallory')).status).not.toBe(429)
  })

  test('count addresses before anybody is known, and no probes', async () => {
    const { handler } = await openServer({ limiter: createRateLimiter({ rules }) })
    const ask = async (path: string, address: string) =>
      (await handler(new Request(`http://localhost${path}`), { address })).status
    const statuses: number[] = []
    for (let each = 0; each < 7; each += 1) statuses.push(await ask('/accounts', '203.0.113.7'))
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect(await ask('/accounts', '203.0.113.8')).toBe(401)
    expect(await ask('/health', '203.0.113.7')).toBe(200)
  })

  test('hold payouts tighter than what a principal may do besides, whatever that is', async () => {
    const { ask } = await openServer({
      limiter: createRateLimiter({ rules: rateRules({ perAddress: 9, perMinute: 40 }) }),
    })
    const request = { id: 'a', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' }
    const payout = await ask({ as: 'priya', path: '/payouts/request', body: request })
    expect(payout.headers.get('ratelimit-limit')).toBe('30')
    const balance = await ask({ as: 'priya', path: '/payees/priya/balance' })
    expect(balance.headers.get('ratelimit-limit')).toBe('40')
  })

  test('let reading pass and stop what moves money while their store is away', async () => {
    const redis = {
      defineCommand: () => {},
      multi: () => {
        throw new Error('away')
      },
      rlflxIncr: () => Promise.reject(new Error('away')),
    }
    const server = await openServer({
      limiter: createRateLimiter({
        store: { redis },
        rules: [{ operations: ['*'], by: 'principal', requests: 5, perSeconds: 60 }],
      }),
    })
    await paidSession(server)
    expect((await server.ask({ as: 'chen', path: '/sessions/s1' })).status).toBe(200)
    expect(await server.ask({ as: 'chen', path: '/sessions/complete', body: { id: 's1' } })).toMatchObject({
      status: 503,
      body: { code: 'limits_unavailable' },
    })
  })

  test('do not wait for a store that does not answer', async () => {
    const redis = { defineCommand: () => {}, rlflxIncr: () => new Promise(() => {}) }
    const server = await openServer({ limiter: createRateLimiter({ store: { redis }, patienceMs: 10 }) })
    await paidSession(server)
    expect((await server.ask({ as: 'chen', path: '/sessions/s1' })).status).toBe(200)
    expect(await server.ask({ as: 'chen', path: '/sessions/complete', body: { id: 's1' } })).toMatchObject({
      status: 503,
      body: { code: 'limits_unavailable', retryable: true },
    })
  })

  test('call each client of Redis in its own way', async () => {
    const said: unknown[] = []
    const ioredis = {
      defineCommand: () => {},
      rlflxIncr: async (given: readonly unknown[]) => [said.push(given), 60_000],
    }
    const nodeRedis = { eval: async (_: string, { keys }: { keys: string[] }) => [said.push(keys), 60_000] }
    const asking = { operation: 'sessions.get', principal: null, address: '203.0.113.7', now: START }
    for (const redis of [ioredis, nodeRedis]) {
      const limiter = createRateLimiter({ store: { redis }, rules: [rules[0]] })
      expect(await limiter.take(asking)).toMatchObject({ limit: 5, exceeded: false })
    }
    expect(said).toEqual([['rate:0:address:203.0.113.7', '1', '600', '5', '600'], ['rate:0:address:203.0.113.7']])
  })

  test.each([
    ['no Redis', { redis: undefined }],
    ['no PostgreSQL', { postgres: undefined }],
    ['a table that would need quotes', { postgres: { query: async () => ({ rows: [] }) }, table: 'a"b' }],
  ])('are not made for %s', (_, store) => {
    expect(() => createRateLimiter({ store: store as unknown as RateStore })).toThrow()
  })

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['203.0.113.7:61234', '203.0.113.7'],
    ['[2001:db8:1:2::9]:61234', '2001:db8:1:2::/64'],
    [null, null],
  ])('know %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('a trial', () => {
  test('ends with a clear answer, and nothing changes after it', async () => {
    const principal = { id: 'chen', roles: ['payer'], plan: 'trial', trialEndsAt: START + DAY } as const
    const server = await openServer({
      authenticate: () => principal,
      policies: [trialPolicy({ allow: ['sessions.get'] })],
    })
    await paidSession(server)
    expect((await server.ask({ path: '/sessions/s1/timeline' })).status).toBe(200)
    server.clock.now += DAY
    const before = await booksOf(server.ledger)
    const ended = await server.ask({ path: '/sessions/complete', body: { id: 's1' } })
    expect(ended).toMatchObject({ status: 402, body: { code: 'trial_expired' } })
    expect(ended.body.detail).toContain('2026-11-03T09:00:00.000Z')
    expect(await booksOf(server.ledger)).toBe(before)
    expect((await server.ask({ path: '/sessions/s1' })).status).toBe(200)
  })
})
