import type { PayPalEnvironment } from './certificate-url.js'
import { invalidOption } from './invalid-option.js'

const origins: Readonly<Record<PayPalEnvironment, readonly [string, ...string[]]>> = {
  live: ['https://api-m.paypal.com', 'https://api.paypal.com'],
  sandbox: ['https://api-m.sandbox.paypal.com', 'https://api.sandbox.paypal.com'],
}

const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/

/**
 * Where requests go. Live money never goes anywhere but to PayPal's live hosts, and what is meant for the sandbox never goes
 * there: `invalid_input` otherwise. Another server may stand in for the sandbox, over https or on this machine.
 */
export function originOf(environment: PayPalEnvironment, baseUrl: string | undefined): string {
  if (environment !== 'live' && environment !== 'sandbox') {
    throw invalidOption('environment', 'must be "live" or "sandbox"')
  }
  if (baseUrl === undefined) return origins[environment][0]
  const { origin, protocol, hostname } = readUrl(baseUrl)
  if (origins[environment].includes(origin)) return origin
  if (environment === 'live') throw invalidOption('baseUrl', `must be ${origins.live.join(' or ')} where it is live`)
  if (isPayPalLive(hostname))
    throw invalidOption('baseUrl', 'is one of PayPal\'s live hosts, and "sandbox" was asked for')
  if (protocol !== 'https:' && !loopback.test(hostname)) {
    throw invalidOption('baseUrl', 'must be https, or on this machine')
  }
  return origin
}

/** Whether requests go to PayPal, rather than to a server that stands in for it. */
export const isPayPal = (origin: string): boolean => Object.values(origins).some((each) => each.includes(origin))

const isPayPalLive = (hostname: string): boolean =>
  /(^|\.)paypal\.com\.?$/.test(hostname) && !/(^|\.)sandbox\.paypal\.com\.?$/.test(hostname)

function readUrl(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  const isBare = url !== null && `${url.origin}/` === url.href && /^https?:$/.test(url.protocol)
  if (isBare) return url
  throw invalidOption('baseUrl', 'must be an address such as https://api-m.sandbox.paypal.com, without a path')
}
