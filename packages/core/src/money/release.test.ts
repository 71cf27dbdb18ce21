import { describe, expect, test } from 'vitest'
import { parsePercent, releaseByWeights, releaseShares, type ShareRule, splitShares } from './index.js'

const percent = (text: string, cap?: bigint): ShareRule => ({ percent: parsePercent(text), cap })
const remainder: ShareRule = { remainder: true }

/** Releases the amounts one after another; answers what each release paid. */
function releases(shares: readonly ShareRule[], step: bigint, amounts: readonly bigint[]) {
  let releasedBefore = 0n
  let had: readonly bigint[] = shares.map(() => 0n)
  return amounts.map((amount) => {
    const { paid, allotted } = releaseShares({ releasedBefore, had, amount, step, shares })
    releasedBefore += amount
    had = allotted
    return paid
  })
}

describe('worked example of design.md: two releases of INR 1,000.00', () => {
  const shares = [percent('20', 15000n), remainder]

  test('666.67, then 233.33', () => {
    expect(releases(shares, 1n, [66667n, 23333n])).toEqual([
      [13333n, 53334n],
      [1667n, 21666n],
    ])
  })

  test('what a party has, and is due of all so far', () => {
    const had = [13333n, 53334n]
    const release = releaseShares({ releasedBefore: 66667n, had, amount: 23333n, step: 1n, shares })
    expect(release.allotted).toEqual([15000n, 75000n])
    expect(release.exact.map(({ numerator, denominator }) => numerator / denominator)).toEqual([15000n, 75000n])
  })
})

describe('several releases', () => {
  test('the first is a split', () => {
    const shares = [percent('33.333333'), percent('33.333333'), remainder]
    const part = { releasedBefore: 0n, had: [0n, 0n, 0n], amount: 10000n, step: 10n, shares }
    expect(releaseShares(part).paid).toEqual(splitShares({ whole: 10000n, step: 10n, shares }).allotted)
  })

  test('a step that one party got by rounding is paid to the others next', () => {
    const shares = [percent('50'), remainder]
    expect(releases(shares, 1n, [1n, 1n, 1n, 1n])).toEqual([
      [1n, 0n],
      [0n, 1n],
      [1n, 0n],
      [0n, 1n],
    ])
  })

  test('a fixed share is paid once', () => {
    expect(releases([{ fixed: 30n }, remainder], 1n, [20n, 20n, 60n])).toEqual([
      [20n, 0n],
      [10n, 10n],
      [0n, 60n],
    ])
  })

  test('nothing released is nothing paid', () => {
    expect(releases([percent('50'), remainder], 1n, [7n, 0n])).toEqual([
      [4n, 3n],
      [0n, 0n],
    ])
  })
})

test('where whole steps do not fit, those who lack least wait, and the next release makes up for it', () => {
  // Found by search. Of 12, the first three are due 0.6 and were rounded up early; the last is due exactly 3.
  const shares = [...['5', '5', '5', '10', '25'].map((rate) => percent(rate)), remainder, percent('25')]
  const amounts = [3n, 3n, 1n, 3n, 2n]
  const paid = releases(shares, 1n, amounts)
  const had = shares.map((_, party) => paid.reduce((sum, parts) => sum + (parts[party] ?? 0n), 0n))
  expect(had).toEqual([1n, 1n, 1n, 1n, 3n, 3n, 2n])
  expect(releases(shares, 1n, [...amounts, 1n]).at(-1)).toEqual([0n, 0n, 0n, 0n, 0n, 0n, 1n])
})

describe('by weights', () => {
  test('a total that grows is split as a whole', () => {
    const first = releaseByWeights({ releasedBefore: 0n, had: [0n, 0n], amount: 701n, step: 1n, weights: [1n, 1n] })
    expect(first.paid).toEqual([351n, 350n])
    const had = first.allotted
    const second = releaseByWeights({ releasedBefore: 701n, had, amount: 1n, step: 1n, weights: [1n, 1n] })
    expect(second.paid).toEqual([0n, 1n])
    expect(second.allotted).toEqual([351n, 351n])
  })
})

describe('refused', () => {
  const part = { releasedBefore: 100n, had: [50n, 50n], amount: 10n, step: 10n }
  const shares = [percent('50'), remainder]

  test.each([
    ['below zero', { ...part, amount: -10n }, 'amount_not_positive'],
    ['off the step', { ...part, amount: 15n }, 'amount_off_step'],
    ['what parties had is not what was released', { ...part, had: [50n, 40n] }, 'invariant_violated'],
    ['a party without a record', { ...part, had: [100n] }, 'invariant_violated'],
  ])('%s', (_, release, code) => {
    expect(() => releaseShares({ ...release, shares })).toThrow(expect.objectContaining({ code }))
    expect(() => releaseByWeights({ ...release, weights: [1n, 1n] })).toThrow(expect.objectContaining({ code }))
  })

  test('weights that are none', () => {
    expect(() => releaseByWeights({ ...part, weights: [0n, 0n] })).toThrow(
      expect.objectContaining({ code: 'invalid_terms' }),
    )
  })
})
