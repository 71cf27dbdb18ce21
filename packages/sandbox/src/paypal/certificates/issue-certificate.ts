import { type KeyObject, sign } from 'node:crypto'
import { bits, der, integer, octets, oid, sequence, set, text, time, yes } from './der.js'

/** What a certificate says. */
export interface Claims {
  readonly serial: number
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  /** The issuer's key, on a curve. */
  readonly signedBy: KeyObject
  /** Both in milliseconds since 1970. */
  readonly from: number
  readonly through: number
  /** Whether it may issue others. */
  readonly authority: boolean
  /** The host names that it is for. */
  readonly hosts: readonly string[]
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const commonName = (name: string) => sequence(set(sequence(oid('2.5.4.3'), text(name))))

/** Issues a certificate, in PEM. */
export function issueCertificate(claims: Claims): string {
  const toBeSigned = sequence(
    der(0xa0, integer(2)),
    integer(claims.serial),
    ecdsaWithSha256,
    commonName(claims.issuer),
    sequence(time(claims.from), time(claims.through)),
    commonName(claims.subject),
    claims.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(claims))),
  )
  const signature = sign('SHA256', toBeSigned, claims.signedBy)
  const base64 = sequence(toBeSigned, ecdsaWithSha256, bits(signature)).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function extensions({ authority, hosts }: Claims): Buffer[] {
  const basicConstraints = sequence(oid('2.5.29.19'), yes, octets(sequence(...(authority ? [yes] : []))))
  if (hosts.length === 0) return [basicConstraints]
  const names = hosts.map((host) => der(0x82, Buffer.from(host)))
  return [basicConstraints, sequence(oid('2.5.29.17'), octets(sequence(...names)))]
}
