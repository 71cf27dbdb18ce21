import type { X509Certificate } from 'node:crypto'
import { ledgerError } from 'escrow-ledger'
import { isValidAt } from './certificate.js'
import type { PayPalEnvironment } from './certificate-url.js'
import type { FetchCertificate } from './fetch-certificate.js'
import { readSigningKey, type SigningKey } from './signing-certificate.js'

interface SigningKeysOptions {
  readonly environment: PayPalEnvironment
  readonly fetchCertificate: FetchCertificate
  readonly timeoutMs: number
  readonly roots: () => readonly X509Certificate[]
  readonly intermediates: readonly X509Certificate[]
  readonly now: () => number
}

/** PayPal uses one certificate for years. */
const MAX_KEPT = 16
/** Anybody can make up addresses at PayPal's, so only so many are asked for at a time. */
const MAX_UNDER_WAY = 8

/**
 * Finds the key of a certificate by its address. What has passed is kept while it is valid, the least recently used of
 * `MAX_KEPT` making room; what has not is read again next time. Deliveries that need the same one wait for one reading.
 */
export function createSigningKeys(options: SigningKeysOptions): (url: string) => Promise<SigningKey> {
  const kept = new Map<string, SigningKey>()
  const underWay = new Map<string, Promise<SigningKey>>()

  function keep(url: string, key: SigningKey): SigningKey {
    kept.delete(url)
    kept.set(url, key)
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break
      kept.delete(oldest)
    }
    return key
  }

  async function read(url: string): Promise<SigningKey> {
    const pem = await fetchOrFail(url, options)
    const { environment, intermediates } = options
    return keep(url, readSigningKey(pem, { environment, roots: options.roots(), intermediates, now: options.now() }))
  }

  return async (url) => {
    const known = kept.get(url)
    if (known !== undefined && isValidAt(known.validity, options.now())) return keep(url, known)
    const waitedFor = underWay.get(url)
    if (waitedFor !== undefined) return waitedFor
    if (underWay.size >= MAX_UNDER_WAY) throw unavailable(url, new Error(`${MAX_UNDER_WAY} others are being read`))
    const reading = read(url).finally(() => underWay.delete(url))
    underWay.set(url, reading)
    return reading
  }
}

async function fetchOrFail(url: string, { fetchCertificate, timeoutMs }: SigningKeysOptions) {
  const signal = AbortSignal.timeout(timeoutMs)
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true })
  })
  try {
    return await Promise.race([fetchCertificate(url, signal), tooLate])
  } catch (error) {
    throw unavailable(url, error)
  }
}

function unavailable(url: string, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `The certificate at ${url} could not be read, so nobody can tell yet whether the delivery is PayPal's: ${reason}. Answer 503, and PayPal sends it again.`
  return ledgerError('certificate_unavailable', message, { gateway: 'paypal', url }, { cause })
}
