import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { readCertificates } from './certificate.js'
import type { PayPalEnvironment } from './certificate-url.js'
import { type FetchCertificate, fetchCertificate } from './fetch-certificate.js'
import { invalidOption as invalid } from './invalid-option.js'

export interface PayPalWebhookOptions {
  readonly environment: PayPalEnvironment
  /** The id that PayPal gave the webhook: a delivery for another one is not taken. */
  readonly webhookId: string
  /** How certificates are read; by default with the platform's `fetch`. */
  readonly fetchCertificate?: FetchCertificate | undefined
  /** How long to wait for a certificate, then `certificate_unavailable`. Default 4,000: PayPal waits for an answer. */
  readonly certificateTimeoutMs?: number | undefined
  /** Certificates (PEM) of authorities between PayPal's and a root, for those that PayPal does not send along itself. */
  readonly intermediates?: readonly string[] | undefined
  /** Certificates (PEM) that a chain may end in; by default the roots that Node comes with. */
  readonly trustedRoots?: readonly string[] | undefined
  /** How old a transmission may be. Default four days, since PayPal tries for three. */
  readonly maxAgeMs?: number | undefined
  /** Takes the deliveries of PayPal's public webhook simulator, which anybody can send; only in the sandbox. */
  readonly allowSimulator?: boolean | undefined
  /** The time, in milliseconds since 1970; `Date.now` by default. */
  readonly now?: (() => number) | undefined
}

const DAY_MS = 86_400_000
const SIMULATOR = 'WEBHOOK_ID'

/** Options with everything in its place. Throws `invalid_input` for those that make no sense. */
export function readOptions(given: PayPalWebhookOptions | undefined) {
  const options: Partial<PayPalWebhookOptions> = given ?? {}
  const { environment, webhookId, maxAgeMs = 4 * DAY_MS, certificateTimeoutMs: timeoutMs = 4_000 } = options
  if (environment !== 'live' && environment !== 'sandbox') throw invalid('environment', 'must be "live" or "sandbox"')
  if (webhookId === SIMULATOR && !(options.allowSimulator && environment === 'sandbox')) {
    throw invalid('webhookId', `must be that of your own webhook: anybody can have PayPal sign for "${SIMULATOR}"`)
  }
  if (typeof webhookId !== 'string' || !/^[0-9A-Za-z_-]+$/.test(webhookId)) {
    throw invalid('webhookId', 'must be the id that PayPal gave the webhook')
  }
  if (!(maxAgeMs > 0)) throw invalid('maxAgeMs', 'must be more than 0')
  if (!(timeoutMs > 0)) throw invalid('certificateTimeoutMs', 'must be more than 0')
  const { trustedRoots, intermediates = [] } = options
  return {
    environment,
    webhookId,
    maxAgeMs,
    timeoutMs,
    fetchCertificate: options.fetchCertificate ?? fetchCertificate,
    intermediates: readAll('intermediates', intermediates),
    roots: trustedRoots === undefined ? platformRoots : constant(readAll('trustedRoots', trustedRoots)),
    now: options.now ?? Date.now,
  }
}

function readAll(name: string, list: readonly string[]): X509Certificate[] {
  return list.flatMap((pem, index) => {
    try {
      return readCertificates(pem)
    } catch (error) {
      throw invalid(`${name}.${index}`, `must be a certificate in PEM: ${(error as Error).message}`)
    }
  })
}

const constant =
  <Value>(value: Value) =>
  () =>
    value

let parsedRoots: readonly X509Certificate[] | undefined

/** Reading them all takes some milliseconds, so that is left until one is needed. */
function platformRoots(): readonly X509Certificate[] {
  parsedRoots ??= rootCertificates.map((pem) => new X509Certificate(pem))
  return parsedRoots
}
