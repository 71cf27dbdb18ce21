import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkShares, parsePercent, type ShareRule } from './index.js'

const percent = (text: string, clamp: Pick<ShareRule, 'floor' | 'cap'> = {}): ShareRule => ({
  percent: parsePercent(text),
  ...clamp,
})
const fixed = (minor: bigint): ShareRule => ({ fixed: minor })
const remainder: ShareRule = { remainder: true }
const nobody = 'shares: A part of 1000 minor units would belong to nobody: let one share take the remainder.'

describe('shares of 1000, by 10', () => {
  test.each<[string, ShareRule[], string[]]>([
    ['a percentage and the remainder', [percent('20'), remainder], []],
    ['the remainder alone', [remainder], []],
    ['percentages of exactly 100', [percent('33.333333'), percent('33.333333'), percent('33.333334')], []],
    ['percentages of exactly 100 and a remainder of nothing', [percent('60'), percent('40'), remainder], []],
    ['floors and caps with a remainder', [percent('15', { floor: 50n, cap: 120n }), remainder], []],
    ['a fixed share above the whole, which takes what there is', [fixed(2000n), remainder], []],
    ['fixed shares of exactly the whole', [fixed(400n), fixed(600n)], []],
    ['a cap that never binds', [percent('60', { cap: 600n }), percent('40')], []],
    ['a floor that makes up for what percentages lack', [percent('20', { floor: 1000n })], []],
    ['no shares', [], ['shares: At least one share is needed.']],
    ['two remainders', [remainder, remainder], ['shares: Only one share can take the remainder.']],
    [
      'more than 100 %',
      [percent('60'), percent('40.000001')],
      ['shares: The percentages of the shares sum to more than 100.'],
    ],
    [
      'more than 100 % beside a remainder',
      [percent('100'), percent('1'), remainder],
      ['shares: The percentages of the shares sum to more than 100.'],
    ],
    ['less than 100 %', [percent('60'), percent('39.999999')], [nobody]],
    ['fixed shares short of the whole', [fixed(400n), fixed(590n)], [nobody]],
    ['a cap that binds', [percent('60', { cap: 590n }), percent('40')], [nobody]],
    ['floors that do not reach', [percent('20', { floor: 100n }), percent('40'), fixed(300n)], [nobody]],
    [
      'a cap below a floor',
      [percent('20', { floor: 60n, cap: 50n }), remainder],
      ['shares.0.floor: The floor, 60, is above the cap, 50.'],
    ],
    ['off the step', [fixed(15n), remainder], ['shares.0.fixed: 15 is no multiple of the step, 10.']],
    ['a cap off the step', [percent('5', { cap: 5n }), remainder], ['shares.0.cap: 5 is no multiple of the step, 10.']],
    ['below zero', [fixed(-10n), remainder], ['shares.0.fixed: -10 is below zero.']],
    [
      'a floor under the remainder',
      [percent('5'), { ...remainder, floor: 10n }],
      ['shares.1: The remainder is what the others leave: it can have neither floor nor cap.'],
    ],
    [
      'two rules in one',
      [{ ...fixed(10n), ...percent('5') }, remainder],
      ['shares.0: A share is exactly one of a percentage, a fixed amount and the remainder.'],
    ],
    [
      'no rule',
      [{ floor: 10n }, remainder],
      ['shares.0: A share is exactly one of a percentage, a fixed amount and the remainder.'],
    ],
    [
      'a ratio above one',
      [{ percent: { numerator: 3n, denominator: 2n } }, remainder],
      ['shares.0.percent: A percentage is from 0 to 100.'],
    ],
  ])('%s', (_, shares, issues) => {
    expect(checkShares(shares, 1000n, 10n).map(({ path, message }) => `${path}: ${message}`)).toEqual(issues)
  })
})

/** Whether the shares, taking what they want one after another, leave something of this amount. */
function leaveSomething(shares: readonly ShareRule[], amount: bigint): boolean {
  if (shares.some((share) => share.remainder)) return false
  const scale = 10n ** 8n
  const wants = shares.map(({ percent: rate, fixed: sum = 0n, floor = 0n, cap }) => {
    const asked = rate ? amount * rate.numerator : sum * scale
    const raised = asked < floor * scale ? floor * scale : asked
    return cap !== undefined && raised > cap * scale ? cap * scale : raised
  })
  return wants.reduce((left, want) => left - want, amount * scale) > 0n
}

test('shares that are accepted own every part of the whole, and others are not refused for that', () => {
  const small = fc.bigInt({ min: 0n, max: 40n })
  const clamp = { floor: fc.option(small, { nil: undefined }), cap: fc.option(small, { nil: undefined }) }
  const tenths = fc.integer({ min: 0, max: 10 }).map((n) => parsePercent(String(n * 10)))
  const share = fc.oneof(fc.record({ percent: tenths, ...clamp }), fc.record({ fixed: small, ...clamp }))
  const shares = fc.array(share, { minLength: 1, maxLength: 4 })
  const seen = { accepted: 0, ownerless: 0 }
  fc.assert(
    fc.property(shares, fc.bigInt({ min: 1n, max: 60n }), (rules, whole) => {
      const issues = checkShares(rules, whole, 1n)
      const amounts = Array.from({ length: Number(whole) + 1 }, (_, amount) => BigInt(amount))
      const ownerless = amounts.some((amount) => leaveSomething(rules, amount))
      if (issues.length === 0) seen.accepted += 1
      if (issues.length === 0) expect(ownerless).toBe(false)
      if (issues[0]?.message.includes('nobody')) {
        seen.ownerless += 1
        expect(ownerless).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
  expect(seen.accepted).toBeGreaterThan(100)
  expect(seen.ownerless).toBeGreaterThan(100)
})

test.each([
  [0n, 1n, 'amount'],
  [-5n, 1n, 'amount'],
  [15n, 10n, 'amount'],
  [10n, 0n, 'step'],
])('an amount of %s in steps of %s is refused', (whole, step, path) => {
  expect(checkShares([remainder], whole, step)).toEqual([expect.objectContaining({ path })])
})
