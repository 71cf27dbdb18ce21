import type { X509Certificate } from 'node:crypto'
import { commonValidity, isValidAt } from './certificate.js'

export interface ChainSource {
  /** What a chain may end in. */
  readonly roots: readonly X509Certificate[]
  /** What it may pass through: trusted only as far as a root vouches for it. */
  readonly intermediates: readonly X509Certificate[]
  /** Milliseconds since 1970, at which every link must be valid. */
  readonly now: number
}

const MAX_LINKS = 5

/**
 * The certificate and those above it up to a trusted root, or null where no such chain is valid at the time. Each issuer
 * must be an authority, have signed the one below it, and not be out of date. Revocation, limits on the length of paths and
 * on names are not looked at: Node does not tell them.
 */
export function findChain(leaf: X509Certificate, source: ChainSource): readonly X509Certificate[] | null {
  return extend([leaf], leaf, source)
}

function extend(
  chain: readonly X509Certificate[],
  last: X509Certificate,
  source: ChainSource,
): readonly X509Certificate[] | null {
  if (chain.length >= MAX_LINKS) return null
  const issued = (issuer: X509Certificate) => isIssuer(issuer, last, source.now)
  const root = source.roots.find(issued)
  if (root !== undefined) return [...chain, root]
  for (const issuer of source.intermediates) {
    if (chain.includes(issuer) || !issued(issuer)) continue
    const longer = extend([...chain, issuer], issuer, source)
    if (longer !== null) return longer
  }
  return null
}

/** The cheap questions first: a signature is only checked where the names fit. */
const isIssuer = (issuer: X509Certificate, issued: X509Certificate, now: number): boolean =>
  issued.issuer === issuer.subject &&
  issuer.ca &&
  isValidAt(commonValidity([issuer]), now) &&
  issued.checkIssued(issuer) &&
  issued.verify(issuer.publicKey)
