import { z } from 'zod'

/** Every variable with what it is for. The messages say how to mend it, and never what was given, which may be a secret. */
const text = (purpose: string) => z.string().optional().describe(purpose)

const fitting = (pattern: RegExp, message: string, purpose: string) =>
  z.string().regex(pattern, message).optional().describe(purpose)

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words, purpose: string) =>
  z
    .enum(words, `must be ${words.join(' or ')}`)
    .optional()
    .describe(purpose)

const whole = ({ least, most }: { least: number; most: number }, purpose: string) =>
  z
    .string()
    .regex(/^\d{1,12}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, `must be a whole number from ${least} to ${most}`)
    .optional()
    .describe(purpose)

const secret = (leastLength: number, purpose: string) =>
  z
    .string()
    .min(leastLength, `must have ${leastLength} characters or more, such as openssl rand -base64 32 makes`)
    .optional()
    .describe(purpose)

const list = (each: RegExp, message: string, purpose: string) =>
  z
    .string()
    .transform((given) =>
      given
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.length > 0 && parts.every((part) => each.test(part)), message)
    .optional()
    .describe(purpose)

const isHttp = /^https:\/\/\S+$|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/\S*)?$/
const address = (purpose: string) =>
  fitting(isHttp, 'must be an https address, or an http one of this machine', purpose)

const everyMs = (purpose: string) => whole({ least: 100, most: 86_400_000 }, purpose)

const proxy = /^(loopback|linklocal|uniquelocal|[0-9a-fA-F:.]+(\/\d{1,3})?)$/

/** One schema for the environment. All are optional here: which of them go together is said by the rules. */
export const variables = z.object({
  DATABASE_URL: fitting(
    /^postgres(ql)?:\/\/\S+$/,
    'must be an address such as postgres://user:password@host:5432/database',
    'the PostgreSQL database that the books are kept in',
  ),
  DATABASE_SCHEMA: fitting(
    /^[a-z_][a-z0-9_]{0,62}$/,
    'must be small letters, digits and underscores',
    "the schema of the ledger's tables",
  ),
  DATABASE_MAX_CONNECTIONS: whole({ least: 1, most: 1_000 }, 'how many connections this process may hold'),
  DATABASE_POOLED: oneOf(['true', 'false'], 'whether a pooler gives each transaction another connection'),
  SQLITE_FILE: text('the SQLite file that the books are kept in'),

  RAZORPAY_ENVIRONMENT: oneOf(['test', 'live'], 'whether Razorpay moves real money'),
  RAZORPAY_KEY_ID: fitting(
    /^rzp_(test|live)_\w+$/,
    'must be the key id of the dashboard, rzp_test_… or rzp_live_…',
    'the API key at Razorpay',
  ),
  RAZORPAY_KEY_SECRET: text('the secret of the API key at Razorpay'),
  RAZORPAY_ACCOUNT_ID: fitting(/^acc_\w+$/, 'must be acc_… of the dashboard', 'our own account at Razorpay'),
  RAZORPAY_WEBHOOK_SECRETS: list(
    /^\S{8,}$/,
    'must be secrets of 8 characters or more, separated by commas',
    "the secrets of Razorpay's webhook, the new one first while it is being changed",
  ),
  RAZORPAY_PAYOUTS_ACCOUNT_NUMBER: fitting(
    /^[0-9A-Za-z]{1,40}$/,
    'must be the letters and digits of the customer identifier at RazorpayX',
    'the RazorpayX account that payouts leave from',
  ),
  RAZORPAY_BASE_URL: address('a server that stands in for Razorpay'),

  PAYPAL_ENVIRONMENT: oneOf(['sandbox', 'live'], 'whether PayPal moves real money'),
  PAYPAL_CLIENT_ID: text('the client id of the app at PayPal'),
  PAYPAL_CLIENT_SECRET: text('the secret of the app at PayPal'),
  PAYPAL_WEBHOOK_ID: fitting(
    /^[0-9A-Za-z_-]+$/,
    'must be the id that PayPal gave the webhook',
    'the webhook at PayPal, for which deliveries must be signed',
  ),
  PAYPAL_PARTNER_ID: fitting(/^[0-9A-Z]{13}$/, 'must be 13 letters and digits', "the platform's own account at PayPal"),
  PAYPAL_BASE_URL: address('a server that stands in for PayPal'),

  JWT_JWKS_URL: address('the public keys of whoever issues tokens of users'),
  JWT_ISSUER: text('the iss that tokens of users must have'),
  JWT_AUDIENCE: text('the aud that tokens of users must have'),
  API_KEY_PEPPER: secret(32, 'what API keys are hashed with; changing it ends all of them'),

  PORT: whole({ least: 0, most: 65_535 }, 'the port that the server listens on'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'the least that is logged'),
  TRUSTED_PROXIES: list(
    proxy,
    'must be addresses or ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas',
    "the proxies that are believed when they say what a client's address is",
  ),
  RATE_LIMIT_PER_MINUTE: whole({ least: 1, most: 1_000_000 }, 'how many requests a principal may make in a minute'),
  RATE_LIMIT_PER_ADDRESS: whole({ least: 1, most: 1_000_000 }, 'how many requests an address may make in a minute'),
  RATE_LIMIT_STORE: oneOf(['memory', 'postgres', 'redis'], 'where requests are counted'),
  REDIS_URL: fitting(
    /^rediss?:\/\/\S+$/,
    'must be an address such as redis://host:6379',
    'where Redis counts requests',
  ),
  METRICS_TOKEN: secret(16, 'the bearer token that Prometheus reads the metrics with'),

  WORKER: oneOf(['on', 'off'], 'whether this process settles, dispatches and looks webhooks up'),
  WORKER_INBOX_MS: everyMs('how often webhooks that were received are looked up'),
  WORKER_SETTLE_MS: everyMs('how often what is due is settled'),
  WORKER_DISPATCH_MS: everyMs('how often gateways are told what is recorded'),
  WORKER_STATEMENTS_MS: everyMs("how often the gateways' settlements are read"),
  SHUTDOWN_GRACE_MS: whole({ least: 0, most: 600_000 }, 'how long requests under way may take when the process stops'),
})

export type Environment = z.output<typeof variables>
export type VariableName = keyof Environment

export const variableNames = Object.keys(variables.shape) as VariableName[]

export const purposeOf = (name: VariableName): string => variables.shape[name].description ?? ''
