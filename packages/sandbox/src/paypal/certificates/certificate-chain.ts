import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { issueCertificate } from './issue-certificate.js'

/** The name that PayPal's sandbox signs in. */
const SIGNING_NAME = 'messageverificationcerts.sandbox.paypal.com'
const DAY_MS = 86_400_000

export interface CertificateChain {
  /** The authority that a receiver must be told to trust. */
  readonly root: string
  /** What lies at the address of the certificate: that of the signer, and the one between it and the root. */
  readonly served: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Made once in a process, since it takes longer than all the rest of a sandbox. Who vouches for it is new each time. */
let signer: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined

/** Makes an authority, one below it, and the signer's certificate below that, valid for twenty years from an instant. */
export function createCertificateChain(at: number): CertificateChain {
  const [root, between] = [authorityKeys(), authorityKeys()]
  signer ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
  const valid = { from: at - DAY_MS, through: at + 20 * 365 * DAY_MS, authority: true, hosts: [] }
  const rootName = 'Escrow Ledger Sandbox Root'
  const betweenName = 'Escrow Ledger Sandbox Authority'
  const rootClaims = { ...valid, serial: 1, subject: rootName, issuer: rootName }
  const betweenClaims = { ...valid, serial: 2, subject: betweenName, issuer: rootName }
  const signerClaims = { ...valid, serial: 3, subject: SIGNING_NAME, issuer: betweenName, authority: false }
  const intermediate = issueCertificate({ ...betweenClaims, publicKey: between.publicKey, signedBy: root.privateKey })
  const leaf = issueCertificate({
    ...signerClaims,
    publicKey: signer.publicKey,
    signedBy: between.privateKey,
    hosts: [SIGNING_NAME],
  })
  return {
    root: issueCertificate({ ...rootClaims, publicKey: root.publicKey, signedBy: root.privateKey }),
    served: `${leaf}${intermediate}`,
    ...signer,
  }
}

/** On a curve, since such keys are made at once; PayPal signs deliveries with an RSA key. */
const authorityKeys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
