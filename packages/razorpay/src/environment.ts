import { ledgerError } from 'escrow-ledger'

/** Where Razorpay is called: `test` moves no money, `live` does. Both share one host; the key chooses. */
export type RazorpayEnvironment = 'test' | 'live'

const OWN_ADDRESS = 'https://api.razorpay.com'
const keyPrefixes: Readonly<Record<RazorpayEnvironment, string>> = { test: 'rzp_test_', live: 'rzp_live_' }

interface Place {
  readonly environment: RazorpayEnvironment
  readonly keyId: string
  readonly baseUrl?: string | undefined
}

/**
 * The origin that requests go to. Throws `invalid_input` when the key is of the other environment, or when a live key
 * would be sent anywhere but to Razorpay.
 */
export function originOf({ environment, keyId, baseUrl }: Place): string {
  const prefix = Object.hasOwn(keyPrefixes, environment) ? keyPrefixes[environment] : null
  if (prefix === null) throw invalidOption('environment', 'must be test or live')
  if (typeof keyId !== 'string' || !keyId.startsWith(prefix)) {
    throw invalidOption('keyId', `must start with ${prefix}, as keys of the ${environment} environment do`)
  }
  if (baseUrl === undefined) return OWN_ADDRESS
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && baseUrl.replace(/\/$/, '') === url.origin
  if (!isPlain) throw invalidOption('baseUrl', 'must be an http or https address without a path')
  if (environment === 'live' && url.origin !== OWN_ADDRESS) {
    throw invalidOption('baseUrl', `must be ${OWN_ADDRESS} or left out, since live keys are sent nowhere else`)
  }
  return url.origin
}

/** Whether requests go to Razorpay itself, not to a server that stands in for it. */
export const isOwnAddress = (origin: string): boolean => origin === OWN_ADDRESS

export function invalidOption(path: string, message: string) {
  return ledgerError('invalid_input', `The input is not valid: ${path} ${message}.`, { issues: [{ path, message }] })
}
