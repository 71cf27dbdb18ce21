import { describe, expect, test } from 'vitest'
import { compareScores, parsePercent, parseRate, parseScore, RateDecimal } from './index.js'
import { commonDenominator, roundHalfEven } from './ratio.js'

describe('percentages', () => {
  test.each([
    ['0', 0n],
    ['20', 20_000_000n],
    ['20.00', 20_000_000n],
    ['33.333333', 33_333_333n],
    ['0.000001', 1n],
    ['100', 100_000_000n],
    ['100.000000', 100_000_000n],
  ])('%s %% is exactly %s hundred-millionths', (percent, numerator) => {
    expect(parsePercent(percent)).toEqual({ numerator, denominator: 100_000_000n })
  })

  test.each([
    '',
    '-1',
    '+1',
    '100.000001',
    '101',
    '1000',
    '33.3333333',
    '1e1',
    '20%',
    '20,5',
    '.5',
    ' 20',
    'NaN',
    20,
    20n,
    null,
  ])('%s is refused', (percent) => {
    expect(() => parsePercent(percent as string)).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
  })
})

describe('rates', () => {
  test('keep the fraction that the default precision loses', () => {
    const product = parseRate('9000000000000000001').times(parseRate('0.33333333'))
    expect(product.toFixed()).toBe('2999999970000000000.33333333')
    expect(product).toBeInstanceOf(RateDecimal)
  })

  test.each(['0', '0.000', '-1', '1e3', 'Infinity', 'NaN', '', '83,1', `1.${'1'.repeat(60)}`, 83.1, null])(
    '%s is refused',
    (rate) => {
      expect(() => parseRate(rate as string)).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
    },
  )
})

describe('scores', () => {
  test.each([
    [2, '2'],
    [4.5, '4.5'],
    ['4.50', '4.5'],
    ['4.0', '4'],
    ['100', '100'],
    ['-3.10', '-3.1'],
    ['-0', '0'],
    [-0, '0'],
    ['-0.000', '0'],
    ['0.000001', '0.000001'],
    ['999999999999.999999', '999999999999.999999'],
  ])('%j is %j', (score, canonical) => {
    expect(parseScore(score)).toBe(canonical)
  })

  test.each([
    '',
    'good',
    '4,5',
    '1.2345678',
    0.1 + 0.2,
    1e21,
    1e-7,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '1'.repeat(13),
    null,
    2n,
  ])('%s is refused', (score) => {
    expect(() => parseScore(score as number)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('are compared by value', () => {
    expect(compareScores('4.50', 4.5)).toBe(0)
    expect(compareScores(2, '10')).toBe(-1)
    expect(compareScores('-1', '-2')).toBe(1)
    expect(compareScores('999999999999.999999', '999999999999.999998')).toBe(1)
  })
})

describe('exact ratios', () => {
  test.each([
    [14005n, 10n, 1n, 1400n],
    [14015n, 10n, 1n, 1402n],
    [5n, 10n, 1n, 0n],
    [15n, 10n, 1n, 2n],
    [2500001n, 1000000n, 1n, 3n],
    [100250n, 1000n, 1n, 100n],
    [10025n, 10n, 10n, 1000n],
    [25n, 1n, 10n, 20n],
    [35n, 1n, 10n, 40n],
  ])('%s/%s in steps of %s is %s, half to even', (numerator, denominator, step, rounded) => {
    expect(roundHalfEven({ numerator, denominator }, step)).toBe(rounded)
  })

  test('are brought to one denominator', () => {
    const denominators = [4n, 6n, 100_000_000n]
    expect(commonDenominator(denominators.map((denominator) => ({ numerator: 1n, denominator })))).toBe(300_000_000n)
    expect(commonDenominator([])).toBe(1n)
  })
})
