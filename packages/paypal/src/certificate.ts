import { X509Certificate } from 'node:crypto'
import { MAX_CERTIFICATE_BYTES } from './fetch-certificate.js'

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const MAX_CERTIFICATES = 8

/** The certificates of PEM text, in its order. Throws an `Error` that says what is wrong with it. */
export function readCertificates(pem: Uint8Array | string): readonly [X509Certificate, ...X509Certificate[]] {
  if (pem.length > MAX_CERTIFICATE_BYTES) throw new Error(`it has more than ${MAX_CERTIFICATE_BYTES} bytes`)
  const text = typeof pem === 'string' ? pem : new TextDecoder().decode(pem)
  const [first, ...others] = (text.match(block) ?? []).map((each) => new X509Certificate(each))
  if (first === undefined) throw new Error('it holds no certificate in PEM')
  if (others.length >= MAX_CERTIFICATES) throw new Error(`it holds more than ${MAX_CERTIFICATES} certificates`)
  return [first, ...others]
}

/** A span of time, both ends included, in milliseconds since 1970. */
export interface Validity {
  readonly from: number
  readonly through: number
}

/** When all of the certificates are valid. */
export function commonValidity(certificates: readonly X509Certificate[]): Validity {
  return {
    from: Math.max(...certificates.map(({ validFrom }) => Date.parse(validFrom))),
    through: Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))),
  }
}

/** False, too, for a certificate whose times cannot be read. */
export const isValidAt = ({ from, through }: Validity, now: number): boolean => from <= now && now <= through
