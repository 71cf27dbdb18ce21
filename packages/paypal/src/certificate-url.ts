import { notAuthentic } from './not-authentic.js'

/** PayPal's two worlds. Nothing of one is ever taken in the other. */
export type PayPalEnvironment = 'live' | 'sandbox'

const hosts: Readonly<Record<PayPalEnvironment, readonly string[]>> = {
  live: ['api.paypal.com', 'api-m.paypal.com'],
  sandbox: ['api.sandbox.paypal.com', 'api-m.sandbox.paypal.com'],
}

/** The whole address, so that a port, credentials, a query or `..` has no place to be in it. */
const shape = /^https:\/\/(?<host>[a-z0-9.-]+)\/v1\/notifications\/certs\/[A-Za-z0-9_-]{1,200}$/

/**
 * Throws `not_authentic` unless the address is one that PayPal serves its signing certificates at. The signature does not
 * cover the address, and whoever sends the delivery chooses it.
 */
export function checkCertificateUrl(url: string, environment: PayPalEnvironment): void {
  const host = shape.exec(url)?.groups?.host
  if (host !== undefined && hosts[environment].includes(host)) return
  const expected = hosts[environment].map((name) => `https://${name}/v1/notifications/certs/…`).join(' or ')
  const message = `The certificate is said to be at ${JSON.stringify(url)}, and those of PayPal's ${environment} environment are at ${expected}. Refuse it; if it is PayPal's, look whether it was sent by the other environment.`
  throw notAuthentic('certificate_url', message)
}
