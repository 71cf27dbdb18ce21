import type { VariableName } from './variables.js'

/** What was given, by its name; whether each is well formed is another question. */
type Given = Readonly<Partial<Record<VariableName, string>>>

/** A rule about several variables, and what to do where it is broken. */
interface Breach {
  readonly name: VariableName
  readonly message: string
}

/** Every rule that the environment breaks, in the order of the variables. */
export function breachesOf(given: Given): readonly Breach[] {
  return [...database(given), ...razorpay(given), ...paypal(given), ...bothGateways(given), ...access(given)]
}

const breach = (when: boolean, name: VariableName, message: string): Breach[] => (when ? [{ name, message }] : [])

const missing = (given: Given, names: readonly VariableName[], why: string): Breach[] =>
  names.flatMap((name) => breach(given[name] === undefined, name, `is missing: ${why}`))

const any = (given: Given, names: readonly VariableName[]) => names.some((name) => given[name] !== undefined)

function database(given: Given): Breach[] {
  const { DATABASE_URL: server, SQLITE_FILE: file } = given
  return [
    ...breach(!server && !file, 'DATABASE_URL', 'is missing: set it for PostgreSQL, or SQLITE_FILE for SQLite'),
    ...breach(
      Boolean(server && file),
      'SQLITE_FILE',
      'must be left out where DATABASE_URL is set: books are in one place',
    ),
    ...breach(
      !server && given.RATE_LIMIT_STORE === 'postgres',
      'RATE_LIMIT_STORE',
      'can be postgres only with DATABASE_URL',
    ),
    ...breach(
      !given.REDIS_URL && given.RATE_LIMIT_STORE === 'redis',
      'REDIS_URL',
      'is missing: RATE_LIMIT_STORE is redis',
    ),
  ]
}

const ofRazorpay = [
  'RAZORPAY_ENVIRONMENT',
  'RAZORPAY_KEY_ID',
  'RAZORPAY_KEY_SECRET',
  'RAZORPAY_WEBHOOK_SECRETS',
] as const

function razorpay(given: Given): Breach[] {
  const { RAZORPAY_ENVIRONMENT: environment, RAZORPAY_KEY_ID: keyId = '', RAZORPAY_KEY_SECRET: secret } = given
  const others = ['RAZORPAY_ACCOUNT_ID', 'RAZORPAY_PAYOUTS_ACCOUNT_NUMBER', 'RAZORPAY_BASE_URL'] as const
  if (!any(given, [...ofRazorpay, ...others])) return []
  const [, kind] = /^rzp_(test|live)_/.exec(keyId) ?? []
  const mixed = kind !== undefined && environment !== undefined && kind !== environment
  const webhookSecrets = (given.RAZORPAY_WEBHOOK_SECRETS ?? '').split(',').map((each) => each.trim())
  return [
    ...missing(given, ofRazorpay, 'Razorpay needs it; leave all RAZORPAY_ variables out to do without Razorpay'),
    ...breach(mixed, 'RAZORPAY_KEY_ID', `is a key of the other world: RAZORPAY_ENVIRONMENT is ${environment}`),
    ...breach(
      secret !== undefined && webhookSecrets.includes(secret),
      'RAZORPAY_WEBHOOK_SECRETS',
      'must not hold the API secret: make one for the webhook alone',
    ),
    ...breach(
      environment === 'live' && given.RAZORPAY_BASE_URL !== undefined,
      'RAZORPAY_BASE_URL',
      'must be left out: live keys are sent to Razorpay alone',
    ),
  ]
}

const ofPayPal = ['PAYPAL_ENVIRONMENT', 'PAYPAL_CLIENT_ID', 'PAYPAL_CLIENT_SECRET', 'PAYPAL_WEBHOOK_ID'] as const

function paypal(given: Given): Breach[] {
  if (!any(given, [...ofPayPal, 'PAYPAL_PARTNER_ID', 'PAYPAL_BASE_URL'])) return []
  return [
    ...missing(given, ofPayPal, 'PayPal needs it; leave all PAYPAL_ variables out to do without PayPal'),
    ...breach(
      given.PAYPAL_ENVIRONMENT === 'live' && given.PAYPAL_BASE_URL !== undefined,
      'PAYPAL_BASE_URL',
      'must be left out: live credentials are sent to PayPal alone',
    ),
    ...breach(
      given.PAYPAL_WEBHOOK_ID === 'WEBHOOK_ID',
      'PAYPAL_WEBHOOK_ID',
      'must be that of your own webhook: anybody can have PayPal sign for "WEBHOOK_ID"',
    ),
  ]
}

function bothGateways(given: Given): Breach[] {
  const { RAZORPAY_ENVIRONMENT: one, PAYPAL_ENVIRONMENT: other } = given
  const known = one !== undefined && other !== undefined
  const live = one === 'live' || other === 'live'
  const examples = (Object.keys(given) as VariableName[]).filter((name) => given[name]?.includes('change-me'))
  return [
    ...breach(
      known && (one === 'live') !== (other === 'live'),
      'PAYPAL_ENVIRONMENT',
      `mixes real and play money: RAZORPAY_ENVIRONMENT is ${one}, so it must be ${one === 'live' ? 'live' : 'sandbox'}`,
    ),
    ...(live ? examples.flatMap((name) => breach(true, name, 'is still that of the example: put your own there')) : []),
  ]
}

function access(given: Given): Breach[] {
  const { JWT_JWKS_URL: keys, API_KEY_PEPPER: pepper } = given
  const ofJwt = ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const
  const why = 'without it tokens that were made for others would be taken'
  if (any(given, ofJwt)) return missing(given, ofJwt, why)
  return breach(!keys && !pepper, 'JWT_JWKS_URL', 'is missing: set it for tokens, or API_KEY_PEPPER for API keys')
}
