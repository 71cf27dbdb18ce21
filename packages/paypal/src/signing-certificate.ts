import type { KeyObject, X509Certificate } from 'node:crypto'
import { commonValidity, isValidAt, readCertificates, type Validity } from './certificate.js'
import { type ChainSource, findChain } from './certificate-chain.js'
import type { PayPalEnvironment } from './certificate-url.js'
import { notAuthentic } from './not-authentic.js'

const names: Readonly<Record<PayPalEnvironment, string>> = {
  live: 'messageverificationcerts.paypal.com',
  sandbox: 'messageverificationcerts.sandbox.paypal.com',
}

/** The key of a certificate that has passed, and for how long it does. */
export interface SigningKey {
  readonly publicKey: KeyObject
  readonly validity: Validity
}

/**
 * The key that PayPal signs with, out of what was read from a certificate's address. Throws `not_authentic` unless the
 * certificate is valid now, in PayPal's name for this environment, has an RSA key, and a trusted root vouches for it.
 */
export function readSigningKey(
  pem: Uint8Array | string,
  { environment, ...source }: ChainSource & { readonly environment: PayPalEnvironment },
): SigningKey {
  const [leaf, ...above] = readOrRefuse(pem)
  if (!isValidAt(commonValidity([leaf]), source.now)) {
    const message = `The certificate is valid from ${leaf.validFrom} to ${leaf.validTo}, and it is ${new Date(source.now).toUTCString()}. Refuse it; if this clock is right, PayPal sends it again with another.`
    throw notAuthentic('certificate_expired', message)
  }
  const name = names[environment]
  if (leaf.checkHost(name, { subject: 'never', wildcards: false }) === undefined) {
    const message = `The certificate is not in the name of ${name}, which signs for PayPal's ${environment} environment. Refuse it.`
    throw notAuthentic('certificate_name', message)
  }
  if (leaf.publicKey.asymmetricKeyType !== 'rsa') {
    throw notAuthentic('algorithm_unsupported', 'The key of the certificate is not an RSA key. Refuse it.')
  }
  const chain = findChain(leaf, { ...source, intermediates: [...above, ...source.intermediates] })
  if (chain === null) throw untrusted(leaf)
  return { publicKey: leaf.publicKey, validity: commonValidity(chain) }
}

function readOrRefuse(pem: Uint8Array | string) {
  try {
    return readCertificates(pem)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `What is at the address of the certificate cannot be read: ${reason}. Refuse the delivery, and see what answers in PayPal's place.`
    throw notAuthentic('certificate_unreadable', message, { cause: error })
  }
}

function untrusted(leaf: X509Certificate) {
  const issuer = leaf.issuer.replaceAll('\n', ', ')
  const message = `No trusted root vouches for the certificate, which ${issuer} is said to have issued. Refuse it; if that authority is PayPal's, pass its certificate in "intermediates".`
  return notAuthentic('certificate_untrusted', message)
}
