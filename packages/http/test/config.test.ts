import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ConfigError, readConfig, variableNames } from '@escrow-ledger/http/config'
import { createPayPalGateway } from '@escrow-ledger/paypal'
import { createRazorpayGateway } from '@escrow-ledger/razorpay'
import { describe, expect, test } from 'vitest'

type Env = Readonly<Record<string, string | undefined>>

const least: Env = { SQLITE_FILE: './ledger.db', API_KEY_PEPPER: 'p'.repeat(32) }

const razorpay: Env = {
  RAZORPAY_ENVIRONMENT: 'test',
  RAZORPAY_KEY_ID: 'rzp_test_abc',
  RAZORPAY_KEY_SECRET: 'razorpay-api-secret',
  RAZORPAY_WEBHOOK_SECRETS: 'new-hook-secret, old-hook-secret',
}

const paypal: Env = {
  PAYPAL_ENVIRONMENT: 'sandbox',
  PAYPAL_CLIENT_ID: 'paypal-client',
  PAYPAL_CLIENT_SECRET: 'paypal-secret',
  PAYPAL_WEBHOOK_ID: '4JH86294D6297924G',
}

function errorOf(env: Env): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('The environment was taken.')
}

const namesOf = (env: Env) => errorOf(env).problems.map(({ name }) => name)

describe('the environment', () => {
  test('needs a database and a way to tell who asks, and has defaults for the rest', () => {
    expect(readConfig(least)).toEqual({
      database: { kind: 'sqlite', filename: './ledger.db' },
      razorpay: null,
      paypal: null,
      jwt: null,
      apiKeyPepper: 'p'.repeat(32),
      port: 3_000,
      logLevel: 'info',
      trustedProxies: [],
      rateLimits: { perMinute: 120, perAddress: 300, store: 'memory', redisUrl: null },
      metricsToken: null,
      worker: { everyMs: {} },
      shutdownGraceMs: 30_000,
    })
  })

  test('tells all problems at once, each with what it is for', () => {
    const error = errorOf({ ...razorpay, RAZORPAY_KEY_SECRET: '', PORT: 'eighty', TRUSTED_PROXIES: '*', WORKER: 'yes' })
    expect(error.problems.map(({ name }) => name)).toEqual([
      'DATABASE_URL',
      'RAZORPAY_KEY_SECRET',
      'JWT_JWKS_URL',
      'PORT',
      'TRUSTED_PROXIES',
      'WORKER',
    ])
    expect(error.message).toContain('There are 6 problems')
    expect(error.message).toContain('PORT must be a whole number from 0 to 65535. (It is the port that the server')
  })

  test.each(['', '   '])('that is empty counts as missing (%j)', (value) => {
    expect(namesOf({ ...least, SQLITE_FILE: value })).toEqual(['DATABASE_URL'])
    expect(readConfig({ ...least, METRICS_TOKEN: value, RAZORPAY_KEY_ID: value })).toMatchObject({
      metricsToken: null,
      razorpay: null,
    })
  })

  test('gives gateways what their factories take', () => {
    const config = readConfig({ ...least, ...razorpay, ...paypal, RAZORPAY_PAYOUTS_ACCOUNT_NUMBER: '7878780080316316' })
    if (!config.razorpay || !config.paypal) throw new Error('both gateways were given')
    expect(config.razorpay.webhookSecrets).toEqual(['new-hook-secret', 'old-hook-secret'])
    expect(createRazorpayGateway(config.razorpay).payoutBalance).not.toBeNull()
    expect(createPayPalGateway(config.paypal).webhooks).toBeDefined()
  })

  test('gives the worker its times, or says that there is none', () => {
    expect(readConfig({ ...least, WORKER_SETTLE_MS: '5000' }).worker).toEqual({ everyMs: { settle: 5_000 } })
    expect(readConfig({ ...least, WORKER: 'off' }).worker).toBeNull()
  })

  test('gives PostgreSQL what its storage takes', () => {
    const url = 'postgres://app:pw@db:5432/market'
    const { database } = readConfig({ ...least, SQLITE_FILE: '', DATABASE_URL: url, DATABASE_POOLED: 'true' })
    expect(database).toEqual({
      kind: 'postgres',
      connectionString: url,
      schema: 'ledger',
      maxConnections: undefined,
      namedStatements: false,
    })
  })

  const broken: readonly (readonly [string, string, Env])[] = [
    ['two databases', 'SQLITE_FILE', { DATABASE_URL: 'postgres://app@db/market' }],
    ['a database of another kind', 'DATABASE_URL', { SQLITE_FILE: '', DATABASE_URL: 'mysql://app@db/market' }],
    ['a live key at test', 'RAZORPAY_KEY_ID', { ...razorpay, RAZORPAY_KEY_ID: 'rzp_live_abc' }],
    ['a test key at live', 'RAZORPAY_KEY_ID', { ...razorpay, RAZORPAY_ENVIRONMENT: 'live' }],
    ['real money beside play money', 'PAYPAL_ENVIRONMENT', { ...razorpay, ...paypal, PAYPAL_ENVIRONMENT: 'live' }],
    ['webhooks without a secret', 'RAZORPAY_WEBHOOK_SECRETS', { ...razorpay, RAZORPAY_WEBHOOK_SECRETS: '' }],
    [
      'the API secret for webhooks',
      'RAZORPAY_WEBHOOK_SECRETS',
      { ...razorpay, RAZORPAY_WEBHOOK_SECRETS: 'razorpay-api-secret' },
    ],
    ['half of PayPal', 'PAYPAL_CLIENT_SECRET', { ...paypal, PAYPAL_CLIENT_SECRET: undefined }],
    ['the webhook of the simulator', 'PAYPAL_WEBHOOK_ID', { ...paypal, PAYPAL_WEBHOOK_ID: 'WEBHOOK_ID' }],
    [
      'live keys for a stand-in',
      'PAYPAL_BASE_URL',
      { ...paypal, PAYPAL_ENVIRONMENT: 'live', PAYPAL_BASE_URL: 'https://x.example' },
    ],
    [
      'tokens for anybody',
      'JWT_AUDIENCE',
      { JWT_JWKS_URL: 'https://id.example/jwks', JWT_ISSUER: 'https://id.example' },
    ],
    [
      'keys over plain http',
      'JWT_JWKS_URL',
      { JWT_JWKS_URL: 'http://id.example/jwks', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' },
    ],
    ['a short pepper', 'API_KEY_PEPPER', { API_KEY_PEPPER: 'salt' }],
    ['a short token', 'METRICS_TOKEN', { METRICS_TOKEN: 'token' }],
    ['a port that is none', 'PORT', { PORT: '70000' }],
    ['a level that is none', 'LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['trust in everybody', 'TRUSTED_PROXIES', { TRUSTED_PROXIES: 'true' }],
    ['Redis that is nowhere', 'REDIS_URL', { RATE_LIMIT_STORE: 'redis' }],
    ['PostgreSQL that is nowhere', 'RATE_LIMIT_STORE', { RATE_LIMIT_STORE: 'postgres' }],
    ['a worker that spins', 'WORKER_SETTLE_MS', { WORKER_SETTLE_MS: '1' }],
  ]

  test.each(broken)('is refused with %s', (_, name, env) => {
    expect(namesOf({ ...least, ...env })).toEqual([name])
  })

  test('is refused with what the example puts for secrets, where money is real', () => {
    const live = { ...razorpay, RAZORPAY_ENVIRONMENT: 'live', RAZORPAY_KEY_ID: 'rzp_live_abc' }
    const env = { ...least, ...live, RAZORPAY_KEY_SECRET: 'change-me-api-secret' }
    expect(namesOf(env)).toEqual(['RAZORPAY_KEY_SECRET'])
  })

  test('is never shown: no value stands in a message, however wrong it is', () => {
    const canary = 'CANARY 5f1d'
    const env = Object.fromEntries(variableNames.map((name) => [name, `${canary} ${name}`]))
    const error = errorOf(env)
    expect(error.problems.length).toBeGreaterThan(20)
    expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('CANARY')
  })
})

describe('.env.example', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  const example = parseEnv(text) as Record<string, string>

  test('has every variable once, and no other', () => {
    const names = [...text.matchAll(/^(\w+)=/gm)].map(([, name]) => name)
    expect(names).toEqual([...variableNames])
  })

  test('is an environment that can be read, of play money', () => {
    const { razorpay: read, database } = readConfig(example)
    expect([read?.environment, database.kind]).toEqual(['test', 'sqlite'])
  })
})
