import { describe, expect, test } from 'vitest'
import { parsePercent, type Ratio, type ShareRule, splitByWeights, splitShares } from './index.js'

const percent = (text: string, clamp: Pick<ShareRule, 'floor' | 'cap'> = {}): ShareRule => ({
  percent: parsePercent(text),
  ...clamp,
})
const fixed = (minor: bigint): ShareRule => ({ fixed: minor })
const remainder: ShareRule = { remainder: true }

/** An exact part as a decimal with at most 8 places, for reading; the examples have no more. */
function decimal({ numerator, denominator }: Ratio): string {
  const scaled = (numerator * 10n ** 8n) / denominator
  expect(scaled * denominator).toBe(numerator * 10n ** 8n)
  return `${scaled / 10n ** 8n}.${(scaled % 10n ** 8n).toString().padStart(8, '0')}`.replace(/\.?0+$/, '')
}

describe('worked examples of design.md', () => {
  const jpy = [percent('15', { floor: 500n, cap: 1200n }), fixed(2000n), percent('40'), remainder]
  const kwd = [percent('20'), percent('40'), remainder]
  const dispute = [percent('20', { cap: 15000n }), remainder]

  test.each([
    ['INR 1,000.00, platform 20 %', 100000n, 1n, [percent('20'), remainder], '20000 80000', [20000n, 80000n]],
    ['JPY 10,001', 10001n, 1n, jpy, '1200 2000 4000.4 2800.6', [1200n, 2000n, 4000n, 2801n]],
    ['the same on 2,501', 2501n, 1n, jpy, '500 2000 1 0', [500n, 2000n, 1n, 0n]],
    ['the same on 1,500', 1500n, 1n, jpy, '500 1000 0 0', [500n, 1000n, 0n, 0n]],
    ['KWD 10.010 by 0.010', 10010n, 10n, kwd, '2002 4004 4004', [2000n, 4010n, 4000n]],
    ['INR 666.67', 66667n, 1n, dispute, '13333.4 53333.6', [13333n, 53334n]],
    ['INR 900.00, capped', 90000n, 1n, dispute, '15000 75000', [15000n, 75000n]],
  ])('%s', (_, whole, step, shares, exact, allotted) => {
    const split = splitShares({ whole, step, shares })
    expect(split.exact.map(decimal).join(' ')).toBe(exact)
    expect(split.allotted).toEqual(allotted)
  })

  test('100.00 in three equal parts', () => {
    const thirds = ['33.333333', '33.333333', '33.333334'].map((text) => percent(text))
    expect(splitByWeights({ whole: 10000n, step: 1n, weights: [1n, 1n, 1n] })).toEqual([3334n, 3333n, 3333n])
    // As percentages they are not quite equal: the third has the largest remainder, so it gets the odd paisa.
    expect(splitShares({ whole: 10000n, step: 1n, shares: thirds }).allotted).toEqual([3333n, 3333n, 3334n])
    const withRemainder = [percent('33.333333'), percent('33.333333'), remainder]
    expect(splitShares({ whole: 10000n, step: 1n, shares: withRemainder }).allotted).toEqual([3333n, 3333n, 3334n])
  })

  test('a percentage of a large amount is exact', () => {
    const split = splitShares({ whole: 9000000000000000001n, step: 1n, shares: [percent('33.333333'), remainder] })
    expect(split.exact.map(decimal)).toEqual(['2999999970000000000.33333333', '6000000030000000000.66666667'])
    expect(split.allotted).toEqual([2999999970000000000n, 6000000030000000001n])
  })
})

describe('shares', () => {
  test('take no more than those before them left, whatever their kind', () => {
    const shares = [fixed(60n), fixed(60n), percent('50'), remainder]
    expect(splitShares({ whole: 100n, step: 1n, shares }).allotted).toEqual([60n, 40n, 0n, 0n])
  })

  test('see the whole, not what is left of it', () => {
    const shares = [percent('50'), percent('50')]
    expect(splitShares({ whole: 100n, step: 1n, shares }).allotted).toEqual([50n, 50n])
  })

  test('leave the remainder what all others leave, wherever it is declared', () => {
    const shares = [remainder, percent('20'), fixed(30n)]
    expect(splitShares({ whole: 100n, step: 1n, shares }).allotted).toEqual([50n, 20n, 30n])
  })

  test('are held by floor and cap, fixed ones too', () => {
    const shares = [percent('1', { floor: 5n }), percent('90', { cap: 40n }), { fixed: 3n, floor: 10n }, remainder]
    expect(splitShares({ whole: 100n, step: 1n, shares }).allotted).toEqual([5n, 40n, 10n, 45n])
  })

  test('of nothing are nothing', () => {
    expect(splitShares({ whole: 0n, step: 1n, shares: [fixed(5n), remainder] }).allotted).toEqual([0n, 0n])
  })

  test('may have percentages of any denominator', () => {
    const shares = [
      { percent: { numerator: 1n, denominator: 3n } },
      { percent: { numerator: 1n, denominator: 4n } },
      remainder,
    ]
    expect(splitShares({ whole: 12n, step: 1n, shares }).allotted).toEqual([4n, 3n, 5n])
  })
})

describe('weights', () => {
  test.each([
    [700n, 1n, [1n, 1n], [350n, 350n]],
    [701n, 1n, [1n, 1n], [351n, 350n]],
    [70n, 10n, [1n, 1n], [40n, 30n]],
    [100n, 1n, [0n, 1n, 2n], [0n, 33n, 67n]],
    [0n, 1n, [3n, 1n], [0n, 0n]],
  ])('%s in steps of %s by %s is %s', (whole, step, weights, parts) => {
    expect(splitByWeights({ whole, step, weights })).toEqual(parts)
  })

  test.each([[[]], [[0n, 0n]], [[2n, -1n]]])('%s are refused', (weights) => {
    expect(() => splitByWeights({ whole: 10n, step: 1n, weights })).toThrow(
      expect.objectContaining({ code: 'invalid_terms', issues: [expect.objectContaining({ path: 'weights' })] }),
    )
  })
})

describe('refused', () => {
  test.each([
    [-1n, 1n, 'amount_not_positive'],
    [15n, 10n, 'amount_off_step'],
    [10n, 0n, 'invariant_violated'],
  ])('%s in steps of %s', (whole, step, code) => {
    expect(() => splitShares({ whole, step, shares: [remainder] })).toThrow(expect.objectContaining({ code }))
    expect(() => splitByWeights({ whole, step, weights: [1n] })).toThrow(expect.objectContaining({ code }))
  })

  test('money without an owner, which the check at opening rules out', () => {
    expect(() => splitShares({ whole: 10n, step: 1n, shares: [fixed(9n)] })).toThrow(
      expect.objectContaining({ code: 'invariant_violated' }),
    )
  })
})
