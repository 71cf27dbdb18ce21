import { expect, test } from 'vitest'
import { storableText } from './storable-text.js'

test.each([
  ['a text with U+0000', 'a\u0000b\u0000', 'a\ufffdb\ufffd'],
  ['the first half of a pair', 'a\ud83d', 'a\ufffd'],
  ['the second half of a pair', '\ude00b', '\ufffdb'],
  ['halves in the wrong order', '\ude00\ud83d', '\ufffd\ufffd'],
  ['pairs, and everything else', '😀 é\n\u0001\uffff', '😀 é\n\u0001\uffff'],
])('%s can be kept', (_, text, kept) => {
  expect(storableText(text)).toBe(kept)
})
