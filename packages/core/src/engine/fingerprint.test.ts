import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '../money/index.js'
import { canonicalText } from './canonical-text.js'
import { fingerprintOf, portableSha256, sameFingerprint } from './fingerprint.js'

const textOf = (input: unknown) => canonicalText('journal.post', input)

describe('canonical texts', () => {
  it('name the operation, then every field in order, each text after its length', () => {
    const input = { postings: [{ debit: money('1.50', 'INR'), account: 'a' }], description: 'né' }
    expect(textOf(input)).toBe(
      'journal.post {11"description2"né,8"postings[{7"account1"a,5"debit{8"currency3"INR,5"minor150n,},},],}',
    )
  })

  it('are the same whatever the order of names, and with or without what is undefined', () => {
    expect(textOf({ b: 1, a: [money('1000.0', 'INR')], c: undefined })).toBe(
      textOf({ a: [money('1000.00', 'INR')], b: 1 }),
    )
  })

  it('differ between a number of minor units, a number and a text', () => {
    const texts = [1n, 1, '1', '1n', [1], { 0: 1 }, null, true].map(textOf)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('hold a text of any length and script, and leave what was taken from the ones before as it was', () => {
    const long = 'é😀a'.repeat(5_000)
    expect(textOf(long)).toBe(`journal.post ${long.length}"${long}`)
    const first = fingerprintOf(canonicalText('journal.post', 'first'))
    const copy = Uint8Array.from(first)
    fingerprintOf(canonicalText('journal.post', long))
    expect(first).toEqual(copy)
  })
})

describe('fingerprints', () => {
  it('are made of SHA-256 of the UTF-8 bytes', () => {
    const hex = Array.from(portableSha256('né😀'), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
    expect(hex).toBe('f167a50eefdc3cfebe5ba4583928776d234b4b66cfec99fdc32b9c87f262cce0')
  })

  it('are not made of what is no SHA-256, such as its hexadecimals', () => {
    expect(() => fingerprintOf('text', () => '0'.repeat(64))).toThrow('32 characters')
  })

  it('carry the version of their rule in front, and have sixteen bytes', () => {
    const fingerprint = fingerprintOf(canonicalText('journal.post', {}))
    expect(fingerprint[0]).toBe(1)
    expect(fingerprint).toHaveLength(16)
  })

  it('are equal exactly when the canonical texts are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [a, b] = [left, right].map((input) => fingerprintOf(canonicalText('journal.post', input)))
        const equal = textOf(left) === textOf(right)
        expect(sameFingerprint(a as Uint8Array, b as Uint8Array)).toBe(equal)
      }),
    )
  })
})
