import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '../money/index.js'
import { canonicalText, fingerprintOf, sameFingerprint } from './fingerprint.js'

describe('fingerprints', () => {
  it('are the same whatever the order of names, and with or without what is undefined', () => {
    expect(canonicalText({ b: 1, a: [money('1000.0', 'INR')], c: undefined })).toBe(
      canonicalText({ a: [money('1000.00', 'INR')], b: 1 }),
    )
  })

  it('differ between a number of minor units, a number and a text', () => {
    const texts = [1n, 1, '1', '1n', [1], { 0: 1 }, null, true].map(canonicalText)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('carry the version of their rule in front, and have sixteen bytes', () => {
    const fingerprint = fingerprintOf('journal.post {}')
    expect(fingerprint[0]).toBe(1)
    expect(fingerprint).toHaveLength(16)
  })

  it('are equal exactly when the canonical texts are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [a, b] = [canonicalText(left), canonicalText(right)]
        expect(sameFingerprint(fingerprintOf(a), fingerprintOf(b))).toBe(a === b)
      }),
    )
  })
})
