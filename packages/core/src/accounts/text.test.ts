import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText, escapeSegment, idLimits, textProblem, unescapeSegment } from './text.js'

const text = fc.string({ unit: 'binary', maxLength: 12 })

describe('the order of texts', () => {
  it('puts U+1F600 after U+FF5E, as UTF-8 does and JavaScript does not', () => {
    expect(compareText('\u{1F600}', '\uFF5E')).toBe(1)
    expect('\u{1F600}' < '\uFF5E').toBe(true)
  })

  it('is the order of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(compareText(left, right)).toBe(Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))))
      }),
    )
  })
})

describe('texts that are kept', () => {
  it.each([
    ['', 'must not be empty'],
    ['x'.repeat(129), 'must have at most 128 characters, not 129'],
    ['\u{1F600}'.repeat(129), 'must have at most 128 characters, not 129'],
    ['\ud83d'.repeat(129), 'must have at most 128 characters, not 129'],
    ['a\u0000b', 'must not have control characters'],
    ['a\nb', 'must not have control characters'],
    ['a\u0085b', 'must not have control characters'],
    ['\ud83d', 'must be well-formed Unicode (it has half of a surrogate pair)'],
    ['\ude00x', 'must be well-formed Unicode (it has half of a surrogate pair)'],
    [7, 'must be a text, not number'],
    [null, 'must be a text, not null'],
  ])('refuses %j', (given, problem) => expect(textProblem(given, idLimits)).toBe(problem))

  it.each([
    'a',
    'a, b: "c" %',
    'priya@example.com',
    '\u{1F600}',
    'x'.repeat(128),
    '\u{1F600}'.repeat(128),
    'é',
    'e\u0301',
  ])('keeps %j', (given) => expect(textProblem(given, idLimits)).toBeNull())

  it('takes line breaks where a text may have lines', () => {
    expect(textProblem('one\ntwo', { min: 1, max: 20, lines: true })).toBeNull()
  })
})

describe('ids in account codes', () => {
  it('can be read back, and no two fold into one segment', () => {
    fc.assert(
      fc.property(text, (id) => {
        expect(unescapeSegment(escapeSegment(id))).toBe(id)
        expect(escapeSegment(id)).not.toContain(':')
      }),
    )
    expect(escapeSegment('a:b')).toBe('a%3Ab')
    expect(escapeSegment('a%3Ab')).toBe('a%253Ab')
  })
})
