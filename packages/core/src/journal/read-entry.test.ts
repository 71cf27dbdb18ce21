import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '../money/index.js'
import { entrySchema } from './post-entries.js'
import { readUsualEntry } from './read-entry.js'
import { parserOf } from './schema.js'

const parse = parserOf(entrySchema)
const usual = {
  postings: [
    { account: 'a', debit: { amount: '1.50', currency: 'INR' } },
    { account: 'b', credit: money('1.50', 'INR') },
  ],
}

/** Without the fields that say nothing, since a parser may leave them out or not. */
function said(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('an entry that has nothing unusual about it', () => {
  it('is read as its schema reads it', () => {
    const input = { ...usual, description: 'A session', reference: 'inv-1', metadata: { order: '77' } }
    expect(readUsualEntry(input)).toEqual(parse(input))
    expect(readUsualEntry(usual)).toEqual(parse(usual))
  })

  it('keeps nothing of what the caller gave that the caller could change later', () => {
    const metadata = { order: '77' }
    const read = [readUsualEntry({ ...usual, metadata }), parse({ ...usual, metadata })]
    metadata.order = '78'
    expect(read.map((entry) => entry?.metadata)).toEqual([{ order: '77' }, { order: '77' }])
  })

  it('is left to the schema as soon as anything is unusual', () => {
    const [first] = usual.postings
    const unusual: unknown[] = [
      null,
      [],
      'entry',
      {},
      { ...usual, effectiveAt: 0 },
      { ...usual, unknown: 1 },
      { ...usual, expect: [] },
      { ...usual, description: 'a\u0000b' },
      { ...usual, reference: '' },
      { ...usual, metadata: { order: 77 } },
      { ...usual, metadata: { '': 'x' } },
      { ...usual, metadata: new Map([['order', '77']]) },
      { ...usual, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, nth) => [`name ${nth}`, ''])) },
      { postings: [] },
      { postings: [null] },
      { postings: [{ ...first, credit: first?.debit }] },
      { postings: [{ account: 'a' }] },
      { postings: [{ account: '', debit: first?.debit }] },
      { postings: [{ ...first, note: 'x' }] },
      { postings: [{ account: 'a', debit: { amount: '0', currency: 'INR' } }] },
      { postings: [{ account: 'a', debit: { amount: '1.005', currency: 'INR' } }] },
      { postings: [{ account: 'a', debit: { amount: '1', currency: 'XXX1' } }] },
      { postings: Array.from({ length: 1_001 }, () => first) },
    ]
    expect(unusual.map(readUsualEntry)).toEqual(unusual.map(() => null))
  })

  it.each([new Map([['order', '77']]), new Date(0), [], null])('is refused with %s for its metadata', (metadata) => {
    expect(() => parse({ ...usual, metadata })).toThrow('metadata must be a flat map of texts')
  })

  it('gives what the schema gives, or nothing, whatever the input is', () => {
    const often = <Value>(usual: fc.Arbitrary<Value>, ...others: fc.Arbitrary<unknown>[]) =>
      fc.oneof({ weight: 8, arbitrary: usual as fc.Arbitrary<unknown> }, ...others)
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(undefined))
    const text = fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), fc.constantFrom('', 'é', '\ud800', '\u0007'))
    const amount = often(
      fc.constantFrom({ amount: '1', currency: 'INR' }, { amount: '2.50', currency: 'INR' }, money('3', 'JPY')),
      fc.constantFrom({ amount: '0', currency: 'INR' }, { amount: '1e3', currency: 'INR' }),
      anything,
    )
    const side = fc.constantFrom('debit', 'credit', 'both', 'more')
    const posting = fc.tuple(text, amount, side).map(([account, given, which]) => ({
      account,
      ...(which === 'debit' || which === 'both' ? { debit: given } : {}),
      ...(which === 'credit' || which === 'both' ? { credit: given } : {}),
      ...(which === 'more' ? { credit: given, debit: undefined } : {}),
    }))
    const entry = fc.record(
      {
        postings: often(fc.array(often(posting, anything), { minLength: 1, maxLength: 2 }), anything),
        description: often(text, anything),
        reference: often(text, anything),
        metadata: often(fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }), anything),
        effectiveAt: often(fc.constant(undefined), fc.constant(5)),
      },
      { requiredKeys: ['postings'], noNullPrototype: true },
    )
    let read = 0
    fc.assert(
      fc.property(fc.oneof(entry, fc.jsonValue()), (input) => {
        const quick = readUsualEntry(input)
        if (quick === null) return
        read += 1
        expect(said(quick)).toEqual(said(parse(input)))
      }),
      { numRuns: 2_000 },
    )
    expect(read).toBeGreaterThan(50)
  })
})
