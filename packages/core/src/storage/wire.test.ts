import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRecordPart, encodeRecordPart } from './wire.js'

test('whole numbers of minor units are kept as decimal texts, however deep they lie', () => {
  const part = { heldMinor: 2n ** 53n + 1n, parts: [{ party: 'coach', amountMinor: -5n }, null], note: '12' }
  const text = encodeRecordPart(part)
  expect(text).toBe('{"heldMinor":"9007199254740993","parts":[{"party":"coach","amountMinor":"-5"},null],"note":"12"}')
  expect(decodeRecordPart(text)).toEqual(part)
})

test('any part of a record reads back as it was', () => {
  const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const amounts = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  const { part } = fc.letrec((tie) => ({
    part: fc.oneof(
      { maxDepth: 4 },
      plain,
      fc.array(tie('part'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((name) => !name.endsWith('Minor')),
        tie('part'),
        { maxKeys: 4 },
      ),
      fc.record({ amountMinor: amounts, of: tie('part') }),
    ),
  }))
  fc.assert(
    fc.property(part, (value) => {
      // Through JSON once, since a text of JSON has no -0 and no prototype.
      const given = JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)))
      const withAmounts = restore(given)
      expect(decodeRecordPart(encodeRecordPart(withAmounts))).toEqual(withAmounts)
    }),
  )
})

/** Puts the amounts back that JSON cannot hold. */
function restore(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(restore)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      name,
      name === 'amountMinor' ? BigInt(String(value).slice(0, -1)) : restore(value),
    ]),
  )
}
