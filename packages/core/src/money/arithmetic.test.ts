import { describe, expect, test } from 'vitest'
import {
  add,
  assertOnStep,
  assertPositive,
  compare,
  format,
  fromMinor,
  isNegative,
  isPositive,
  isZero,
  money,
  negate,
  subtract,
  sum,
  zero,
} from './index.js'

const inr = (amount: string) => money(amount, 'INR')
const largest = fromMinor(2n ** 63n - 1n, 'INR')
const smallest = fromMinor(-(2n ** 63n), 'INR')

test('amounts of one currency are added, subtracted, negated and summed exactly', () => {
  expect(add(inr('0.10'), inr('0.20'))).toEqual(inr('0.30'))
  expect(subtract(inr('0.30'), inr('0.10'))).toEqual(inr('0.20'))
  expect(subtract(inr('1'), inr('2'))).toEqual(inr('-1'))
  expect(negate(inr('5'))).toEqual(inr('-5'))
  expect(negate(zero('INR'))).toEqual(inr('0'))
  expect(sum([inr('200'), inr('600'), inr('200')], 'INR')).toEqual(inr('1000'))
  expect(sum([], 'JPY')).toEqual(zero('JPY'))
})

test('a sum may pass through what would not fit, if it ends where it fits', () => {
  expect(sum([largest, largest, negate(largest)], 'INR')).toEqual(largest)
})

test('results are amounts like any other', () => {
  expect(Object.isFrozen(add(inr('1'), inr('2')))).toBe(true)
  expect(JSON.stringify(sum([inr('1')], 'INR'))).toBe('{"amount":"1.00","currency":"INR"}')
})

test('amounts of one currency are ordered', () => {
  expect([compare(inr('1'), inr('2')), compare(inr('2'), inr('2')), compare(inr('2'), inr('1'))]).toEqual([-1, 0, 1])
  const signs = [inr('-0.01'), inr('0'), inr('0.01')].map((m) => [isNegative(m), isZero(m), isPositive(m)])
  expect(signs).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ])
})

describe('refused', () => {
  test.each([
    ['add', () => add(inr('1'), money('1', 'USD'))],
    ['subtract', () => subtract(inr('1'), money('1', 'USD'))],
    ['compare', () => compare(inr('1'), money('1', 'USD'))],
    ['sum', () => sum([inr('1'), money('1', 'USD')], 'INR')],
    ['sum in another currency', () => sum([inr('1')], 'USD')],
  ])('mixed currencies: %s', (_, mixed) => {
    expect(mixed).toThrow(expect.objectContaining({ code: 'currency_mismatch' }))
  })

  test.each([
    ['add', () => add(largest, inr('0.01'))],
    ['subtract', () => subtract(smallest, inr('0.01'))],
    ['negate', () => negate(smallest)],
    ['sum', () => sum([largest, largest], 'INR')],
  ])('what does not fit 64 bits: %s', (_, overflow) => {
    expect(overflow).toThrow(expect.objectContaining({ code: 'amount_out_of_range' }))
  })

  test('a sum in an unknown currency', () => {
    expect(() => sum([], 'XYZ')).toThrow(expect.objectContaining({ code: 'currency_unknown' }))
  })

  test('zero and less where only more makes sense', () => {
    assertPositive(inr('0.01'), 'A refund')
    expect(() => assertPositive(inr('0'), 'A refund')).toThrow(expect.objectContaining({ code: 'amount_not_positive' }))
    expect(() => assertPositive(inr('-1'), 'A refund')).toThrow(
      'A refund must be more than zero, and -1.00 INR is not.',
    )
  })

  test('an amount off the step', () => {
    const kwd = money('10.010', 'KWD')
    assertOnStep(kwd, 10n, 'The amount')
    assertOnStep(kwd, 1n, 'The amount')
    const off = () => assertOnStep(money('10.015', 'KWD'), 10n, 'The amount')
    expect(off).toThrow(expect.objectContaining({ code: 'amount_off_step' }))
    expect(off).toThrow('The amount must be a multiple of 0.010 KWD, and 10.015 is not.')
    expect(format(kwd)).toBe('10.010')
  })
})
