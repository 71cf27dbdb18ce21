import { sha256 } from '@noble/hashes/sha2.js'
import { invariant } from '../errors/index.js'
import type { Sha256 } from '../storage/index.js'

/** The version of the rule below. A stored fingerprint is compared under the version that it carries. */
const FINGERPRINT_VERSION = 1
const FINGERPRINT_BYTES = 16
const SHA256_BYTES = 32

// Fingerprints are views of a larger array each, which is cheaper to make and to hand to a driver than an array each.
const POOL_BYTES = 512 * FINGERPRINT_BYTES
let pool = new Uint8Array(POOL_BYTES)
let taken = 0

function takeBytes(): Uint8Array {
  if (taken === POOL_BYTES) {
    pool = new Uint8Array(POOL_BYTES)
    taken = 0
  }
  const bytes = pool.subarray(taken, taken + FINGERPRINT_BYTES)
  taken += FINGERPRINT_BYTES
  return bytes
}

const utf8 = new TextEncoder()

/** SHA-256 where the platform has none that answers at once. */
export const portableSha256: Sha256 = (text) => String.fromCharCode(...sha256(utf8.encode(text)))

/**
 * The fingerprint of a request: one byte for the rule's version, then fifteen of SHA-256 over its canonical text, the
 * operation's name and its parsed input. Taken before defaults and the clock, so a repeated call gives the same.
 */
export function fingerprintOf(canonical: string, hash: Sha256 = portableSha256): Uint8Array {
  const hashed = hash(canonical)
  invariant(hashed.length === SHA256_BYTES, 'SHA-256 gives 32 characters, one a byte')
  const fingerprint = takeBytes()
  fingerprint[0] = FINGERPRINT_VERSION
  for (let index = 1; index < FINGERPRINT_BYTES; index++) fingerprint[index] = hashed.charCodeAt(index - 1)
  return fingerprint
}

export function sameFingerprint(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
