import { sha256 } from '@noble/hashes/sha2.js'

/** The version of the rule below. A stored fingerprint is compared under the version that it carries. */
const FINGERPRINT_VERSION = 1
const FINGERPRINT_BYTES = 16

/**
 * The fingerprint of a request: one byte for the rule's version, then fifteen of SHA-256 over the operation's name and
 * its parsed input in canonical form. Taken before defaults and the clock, so a repeated call gives the same.
 */
export function fingerprintOf(canonical: string): Uint8Array {
  const hash = hashOf(canonical)
  const fingerprint = new Uint8Array(FINGERPRINT_BYTES)
  fingerprint[0] = FINGERPRINT_VERSION
  for (let index = 1; index < FINGERPRINT_BYTES; index++) fingerprint[index] = hash[index - 1] ?? 0
  return fingerprint
}

const utf8 = new TextEncoder()
const UTF8_BYTES = 3

// One hasher and its buffers serve all requests: to make them anew takes longer than to hash a request.
const blank = sha256.create()
const hasher = sha256.create()
const hash = new Uint8Array(hasher.outputLen)
let bytes = new Uint8Array(1_024)

/** The hash of a text, which stays there until the next one. */
function hashOf(text: string): Uint8Array {
  if (bytes.length < text.length * UTF8_BYTES) bytes = new Uint8Array(text.length * UTF8_BYTES)
  const { written } = utf8.encodeInto(text, bytes)
  blank._cloneInto(hasher)
  hasher.update(bytes.subarray(0, written)).digestInto(hash)
  return hash
}

/**
 * A text that is the same for two inputs exactly when they say the same: names in order, money by its minor units, and
 * each text after its length, so that nothing in it has to be escaped.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string') return `${value.length}"${value}`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value) text += `${canonicalText(item)},`
    return `[${text}]`
  }
  const fields = value as Record<string, unknown>
  for (const name of inOrder(Object.keys(fields))) {
    const field = fields[name]
    if (field !== undefined) text += `${nameText(name)}${canonicalText(field)},`
  }
  return `{${text}}`
}

const nameTexts = new Map<string, string>()
const KEPT_NAMES = 1_000

/** A name after its length. The same few names come with every request, so their texts are kept. */
function nameText(name: string): string {
  const known = nameTexts.get(name)
  if (known !== undefined) return known
  if (nameTexts.size >= KEPT_NAMES) nameTexts.clear()
  const made = `${name.length}"${name}`
  nameTexts.set(name, made)
  return made
}

/** Sorts names by insertion: they are few, and mostly in order, and this runs for every object of every request. */
function inOrder(names: string[]): string[] {
  for (let index = 1; index < names.length; index++) {
    const name = names[index] as string
    let place = index
    for (; place > 0 && (names[place - 1] as string) > name; place--) names[place] = names[place - 1] as string
    names[place] = name
  }
  return names
}

export function sameFingerprint(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
