import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '../money/index.js'
import { canonicalBytes } from './canonical-bytes.js'
import { fingerprintOf, sameFingerprint } from './fingerprint.js'

/** The canonical bytes as a text, of their own: the buffer they stand in is used again. */
function canonicalText(input: unknown): string {
  return new TextDecoder().decode(canonicalBytes('journal.post', input))
}

describe('canonical bytes', () => {
  it('name the operation, then every field in order, each text after its length', () => {
    const input = { postings: [{ debit: money('1.50', 'INR'), account: 'a' }], description: 'né' }
    expect(canonicalText(input)).toBe(
      'journal.post {11"description2"né,8"postings[{7"account1"a,5"debit{8"currency3"INR,5"minor150n,},},],}',
    )
  })

  it('are the same whatever the order of names, and with or without what is undefined', () => {
    expect(canonicalText({ b: 1, a: [money('1000.0', 'INR')], c: undefined })).toBe(
      canonicalText({ a: [money('1000.00', 'INR')], b: 1 }),
    )
  })

  it('differ between a number of minor units, a number and a text', () => {
    const texts = [1n, 1, '1', '1n', [1], { 0: 1 }, null, true].map(canonicalText)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('hold a text of any length and script, and leave what was taken from the ones before as it was', () => {
    const long = 'é😀a'.repeat(5_000)
    expect(canonicalText(long)).toBe(`journal.post ${long.length}"${long}`)
    const first = fingerprintOf(canonicalBytes('journal.post', 'first'))
    const copy = Uint8Array.from(first)
    fingerprintOf(canonicalBytes('journal.post', long))
    expect(first).toEqual(copy)
  })
})

describe('fingerprints', () => {
  it('carry the version of their rule in front, and have sixteen bytes', () => {
    const fingerprint = fingerprintOf(canonicalBytes('journal.post', {}))
    expect(fingerprint[0]).toBe(1)
    expect(fingerprint).toHaveLength(16)
  })

  it('are equal exactly when the canonical texts are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [a, b] = [left, right].map((input) => fingerprintOf(canonicalBytes('journal.post', input)))
        const equal = canonicalText(left) === canonicalText(right)
        expect(sameFingerprint(a as Uint8Array, b as Uint8Array)).toBe(equal)
      }),
    )
  })
})
