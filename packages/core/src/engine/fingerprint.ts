import { sha256 } from '@noble/hashes/sha2.js'

/** The version of the rule below. A stored fingerprint is compared under the version that it carries. */
const FINGERPRINT_VERSION = 1
const FINGERPRINT_BYTES = 16

// One hasher and its result serve all requests: to make them anew takes longer than to hash a request.
const blank = sha256.create()
const hasher = sha256.create()
const hash = new Uint8Array(hasher.outputLen)

/**
 * The fingerprint of a request: one byte for the rule's version, then fifteen of SHA-256 over its canonical bytes, the
 * operation's name and its parsed input. Taken before defaults and the clock, so a repeated call gives the same.
 */
export function fingerprintOf(canonical: Uint8Array): Uint8Array {
  blank._cloneInto(hasher)
  hasher.update(canonical).digestInto(hash)
  const fingerprint = new Uint8Array(FINGERPRINT_BYTES)
  fingerprint[0] = FINGERPRINT_VERSION
  for (let index = 1; index < FINGERPRINT_BYTES; index++) fingerprint[index] = hash[index - 1] ?? 0
  return fingerprint
}

export function sameFingerprint(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
