import type { Environment } from './variables.js'

/** What variables that passed every rule come to, in the shapes that the factories take. */
export function settingsOf(env: Environment) {
  return {
    database: databaseOf(env),
    razorpay: razorpayOf(env),
    paypal: paypalOf(env),
    jwt: jwtOf(env),
    apiKeyPepper: env.API_KEY_PEPPER ?? null,
    port: env.PORT ?? 3_000,
    logLevel: env.LOG_LEVEL ?? 'info',
    /** Empty where nobody is believed. */
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    rateLimits: {
      perMinute: env.RATE_LIMIT_PER_MINUTE ?? 120,
      perAddress: env.RATE_LIMIT_PER_ADDRESS ?? 300,
      store: env.RATE_LIMIT_STORE ?? 'memory',
      redisUrl: env.REDIS_URL ?? null,
    },
    /** Null where no metrics are to be served. */
    metricsToken: env.METRICS_TOKEN ?? null,
    worker: workerOf(env),
    shutdownGraceMs: env.SHUTDOWN_GRACE_MS ?? 30_000,
  } as const
}

/** For `createPostgresStorage` or `createSqliteStorage`. */
function databaseOf(env: Environment) {
  if (env.DATABASE_URL === undefined) return { kind: 'sqlite', filename: env.SQLITE_FILE ?? '' } as const
  return {
    kind: 'postgres',
    connectionString: env.DATABASE_URL,
    schema: env.DATABASE_SCHEMA ?? 'ledger',
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    namedStatements: env.DATABASE_POOLED !== 'true',
  } as const
}

/** For `createRazorpayGateway`. */
function razorpayOf(env: Environment) {
  const { RAZORPAY_ENVIRONMENT: environment, RAZORPAY_KEY_ID: keyId, RAZORPAY_KEY_SECRET: keySecret } = env
  if (environment === undefined || keyId === undefined || keySecret === undefined) return null
  const accountNumber = env.RAZORPAY_PAYOUTS_ACCOUNT_NUMBER
  return {
    environment,
    keyId,
    keySecret,
    webhookSecrets: env.RAZORPAY_WEBHOOK_SECRETS ?? [],
    accountId: env.RAZORPAY_ACCOUNT_ID,
    payouts: accountNumber === undefined ? undefined : { accountNumber },
    baseUrl: env.RAZORPAY_BASE_URL,
  }
}

/** For `createPayPalGateway`. */
function paypalOf(env: Environment) {
  const { PAYPAL_ENVIRONMENT: environment, PAYPAL_CLIENT_ID: clientId, PAYPAL_CLIENT_SECRET: clientSecret } = env
  const { PAYPAL_WEBHOOK_ID: webhookId } = env
  const isGiven = environment !== undefined && clientId !== undefined && clientSecret !== undefined
  if (!isGiven || webhookId === undefined) return null
  return {
    environment,
    clientId,
    clientSecret,
    webhooks: { webhookId },
    partnerId: env.PAYPAL_PARTNER_ID,
    baseUrl: env.PAYPAL_BASE_URL,
  }
}

/** For `jwt`. */
function jwtOf({ JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience }: Environment) {
  return jwksUrl === undefined || issuer === undefined || audience === undefined ? null : { jwksUrl, issuer, audience }
}

/** For `createWorker`; null where this process runs none. */
function workerOf(env: Environment) {
  if (env.WORKER === 'off') return null
  const given = {
    inbox: env.WORKER_INBOX_MS,
    settle: env.WORKER_SETTLE_MS,
    dispatch: env.WORKER_DISPATCH_MS,
    statements: env.WORKER_STATEMENTS_MS,
  }
  return { everyMs: Object.fromEntries(Object.entries(given).filter(([, ms]) => ms !== undefined)) as WorkerTimes }
}

type WorkerTimes = Partial<Record<'inbox' | 'settle' | 'dispatch' | 'statements', number>>
