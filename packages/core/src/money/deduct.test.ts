import { describe, expect, test } from 'vitest'
import { type DeductionRule, deductRates, parsePercent, releaseByWeights, splitByWeights } from './index.js'

const percent = (text: string): DeductionRule => ({ percent: parsePercent(text) })
const fixed = (minor: bigint): DeductionRule => ({ fixed: minor })

/** Everything in one release. */
const once = (share: bigint, step: bigint, ...deductions: DeductionRule[]) =>
  deductRates({ share, paid: share, had: deductions.map(() => 0n), step, deductions })

describe('worked examples of design.md', () => {
  test('INR 800.00: 25 % goes back to the payer', () => {
    expect(once(80000n, 1n, percent('25'))).toEqual({
      deductions: [{ wanted: 20000n, now: 20000n, taken: 20000n, shortfall: 0n }],
      kept: 60000n,
    })
  })

  test('JPY 2,801: 50 % to payer and platform 1:1, then fixed 1,500 of which 99 are not there', () => {
    const { deductions, kept } = once(2801n, 1n, percent('50'), fixed(1500n))
    expect(deductions.map(({ now, shortfall }) => [now, shortfall])).toEqual([
      [1400n, 0n],
      [1401n, 99n],
    ])
    expect(kept).toBe(0n)
    expect(splitByWeights({ whole: 1400n, step: 1n, weights: [1n, 1n] })).toEqual([700n, 700n])
  })

  test('KWD 4.010 by 0.010: 25 % is 100.25 steps', () => {
    const { deductions, kept } = once(4010n, 10n, percent('25'))
    expect([deductions[0]?.now, kept]).toEqual([1000n, 3010n])
  })

  test('INR 533.34, then 216.66 more: 25 % of all so far, less what was taken', () => {
    const first = deductRates({ share: 53334n, paid: 53334n, had: [0n], step: 1n, deductions: [percent('25')] })
    expect([first.deductions[0]?.now, first.kept]).toEqual([13334n, 40000n])
    const second = deductRates({ share: 75000n, paid: 21666n, had: [13334n], step: 1n, deductions: [percent('25')] })
    expect(second).toEqual({ deductions: [{ wanted: 18750n, now: 5416n, taken: 18750n, shortfall: 0n }], kept: 16250n })
  })
})

describe('deductions', () => {
  test('are rates of the share as allotted, not of what other deductions left', () => {
    const { deductions, kept } = once(1000n, 1n, percent('10'), percent('10'))
    expect([...deductions.map(({ now }) => now), kept]).toEqual([100n, 100n, 800n])
  })

  test.each([
    [5n, '50', 2n],
    [7n, '50', 4n],
    [15n, '10', 2n],
    [25n, '10', 2n],
  ])('of %s at %s %% are rounded half to even: %s', (share, rate, now) => {
    expect(once(share, 1n, percent(rate)).deductions[0]?.now).toBe(now)
  })

  test('take what is left in declared order, and record what is not there', () => {
    const { deductions, kept } = once(100n, 1n, fixed(80n), percent('50'), fixed(5n))
    expect(deductions.map(({ now, shortfall }) => [now, shortfall])).toEqual([
      [80n, 0n],
      [20n, 30n],
      [0n, 5n],
    ])
    expect(kept).toBe(0n)
  })

  test('that are fixed are taken once over all releases, as soon as there is something to take them from', () => {
    const first = deductRates({ share: 100n, paid: 100n, had: [0n], step: 1n, deductions: [fixed(150n)] })
    expect(first.deductions[0]).toEqual({ wanted: 150n, now: 100n, taken: 100n, shortfall: 50n })
    const second = deductRates({ share: 300n, paid: 200n, had: [100n], step: 1n, deductions: [fixed(150n)] })
    expect(second).toEqual({ deductions: [{ wanted: 150n, now: 50n, taken: 150n, shortfall: 0n }], kept: 150n })
    const third = deductRates({ share: 400n, paid: 100n, had: [150n], step: 1n, deductions: [fixed(150n)] })
    expect([third.deductions[0]?.now, third.kept]).toEqual([0n, 100n])
  })

  test('of a party that is paid nothing now wait for the next release', () => {
    const { deductions, kept } = deductRates({ share: 100n, paid: 0n, had: [0n], step: 1n, deductions: [fixed(10n)] })
    expect([deductions[0]?.shortfall, kept]).toEqual([10n, 0n])
  })

  test('go to several destinations by the rule of releases', () => {
    const to = { step: 1n, weights: [1n, 1n] }
    const first = releaseByWeights({ ...to, releasedBefore: 0n, had: [0n, 0n], amount: 1401n })
    const second = releaseByWeights({ ...to, releasedBefore: 1401n, had: first.allotted, amount: 700n })
    expect([first.paid, second.paid, second.allotted]).toEqual([
      [701n, 700n],
      [350n, 350n],
      [1051n, 1050n],
    ])
  })

  test('may be none', () => {
    expect(once(100n, 1n)).toEqual({ deductions: [], kept: 100n })
  })
})

describe('refused', () => {
  const party = { share: 100n, paid: 50n, had: [0n], step: 10n, deductions: [fixed(10n)] }

  test.each([
    ['a share off the step', { ...party, share: 105n }, 'amount_off_step'],
    ['a payment off the step', { ...party, paid: 5n }, 'amount_off_step'],
    ['a payment below zero', { ...party, paid: -10n }, 'amount_not_positive'],
    ['paid more than the share', { ...party, paid: 110n }, 'invariant_violated'],
    ['a deduction without a record', { ...party, had: [] }, 'invariant_violated'],
    ['a deduction off the step', { ...party, deductions: [fixed(5n)] }, 'invariant_violated'],
    ['a deduction below zero', { ...party, deductions: [fixed(-10n)] }, 'invariant_violated'],
  ])('%s', (_, refused, code) => {
    expect(() => deductRates(refused)).toThrow(expect.objectContaining({ code }))
  })
})
