import { sha256 } from '@noble/hashes/sha2.js'

/** The version of the rule below. A stored fingerprint is compared under the version that it carries. */
const FINGERPRINT_VERSION = 1
const FINGERPRINT_BYTES = 16

/**
 * The fingerprint of a request: one byte for the rule's version, then fifteen of SHA-256 over the operation's name and
 * its parsed input in canonical form. Taken before defaults and the clock, so a repeated call gives the same.
 */
export function fingerprintOf(canonical: string): Uint8Array {
  const hash = sha256(utf8.encode(canonical))
  const fingerprint = hash.slice(0, FINGERPRINT_BYTES)
  fingerprint.copyWithin(1, 0)
  fingerprint[0] = FINGERPRINT_VERSION
  return fingerprint
}

const utf8 = new TextEncoder()

/** A text that is the same for two inputs exactly when they say the same: names in order, money by its minor units. */
export function canonicalText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = value as Record<string, unknown>
  let text = ''
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name]
    if (field !== undefined) text += `${text ? ',' : ''}${JSON.stringify(name)}:${canonicalText(field)}`
  }
  return `{${text}}`
}

export function sameFingerprint(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
