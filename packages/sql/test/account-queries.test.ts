import { compareText } from 'escrow-ledger'
import { describe, expect, it } from 'vitest'
import { afterPrefix } from '../src/account-queries.js'

describe('the first text after a prefix', () => {
  it.each([
    ['payee:', 'payee;'],
    ['a', 'b'],
    ['a\u{10ffff}', 'b'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['😀', '😁'],
    ['\u{10ffff}', null],
    ['\u{10ffff}\u{10ffff}', null],
    ['', null],
  ])('%o is %o', (prefix, after) => {
    expect(afterPrefix(prefix)).toBe(after)
    if (after === null) return
    for (const end of ['', 'z', '\uffff', '\u{10ffff}', '😀']) expect(compareText(prefix + end, after)).toBe(-1)
  })
})
