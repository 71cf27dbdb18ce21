import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkShares, type Ratio, type ShareRule, splitByWeights, splitShares } from './index.js'

// A naive implementation of design.md section 3, with fractions of its own, to hold the other against.
type Fraction = readonly [numerator: bigint, denominator: bigint]
const whole = (n: bigint): Fraction => [n, 1n]
const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d - c * b, b * d]
const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d]
const less = ([a, b]: Fraction, [c, d]: Fraction) => a * d < c * b
const floor = ([a, b]: Fraction) => (a - (((a % b) + b) % b)) / b
const fractionOf = ({ numerator, denominator }: Ratio): Fraction => [numerator, denominator]

function naiveExact(amount: bigint, shares: readonly ShareRule[]): Fraction[] {
  let left = whole(amount)
  const take = (share: ShareRule): Fraction => {
    let want = share.percent ? times(whole(amount), fractionOf(share.percent)) : whole(share.fixed ?? 0n)
    if (share.floor !== undefined && less(want, whole(share.floor))) want = whole(share.floor)
    if (share.cap !== undefined && less(whole(share.cap), want)) want = whole(share.cap)
    if (less(left, want)) want = left
    left = minus(left, want)
    return want
  }
  const taken = shares.map((share) => (share.remainder ? undefined : take(share)))
  return taken.map((part) => part ?? left)
}

function naiveRounding(amount: bigint, step: bigint, exact: readonly Fraction[]): bigint[] {
  const steps = exact.map(([a, b]) => [a, b * step] as const)
  const parts = steps.map((part) => floor(part))
  const order = steps.map((_, party) => party)
  const rest = (party: number) => minus(steps[party] as Fraction, whole(parts[party] as bigint))
  const rests = order.map(rest)
  order.sort((a, b) =>
    less(rests[b] as Fraction, rests[a] as Fraction)
      ? -1
      : less(rests[a] as Fraction, rests[b] as Fraction)
        ? 1
        : a - b,
  )
  const odd = amount / step - parts.reduce((a, b) => a + b, 0n)
  for (const party of order.slice(0, Number(odd))) parts[party] = (parts[party] ?? 0n) + 1n
  return parts.map((part) => part * step)
}

// Generators.
const steps = fc.constantFrom(1n, 1n, 10n, 100n)
const counts = fc.oneof(fc.bigInt({ min: 0n, max: 60n }), fc.bigInt({ min: 0n, max: 2n ** 63n / 100n }))
const millionths = fc.oneof(
  fc.bigInt({ min: 0n, max: 100_000_000n }),
  fc.constantFrom(0n, 5_000_000n, 20_000_000n, 25_000_000n, 33_333_333n, 50_000_000n),
)
const rate = millionths.map((numerator): Ratio => ({ numerator, denominator: 100_000_000n }))

/** Shares that can be agreed to, always with a remainder somewhere, and their step. */
function soundShares(most: number, clamped = true): fc.Arbitrary<{ step: bigint; shares: ShareRule[] }> {
  const drawnLimit = fc.option(fc.bigInt({ min: 0n, max: 50n }), { nil: undefined })
  const limit: fc.Arbitrary<bigint | undefined> = clamped ? drawnLimit : fc.constant(undefined)
  const limits = { floor: limit, cap: limit }
  const share = fc.oneof(
    { weight: 3, arbitrary: fc.record({ percent: rate, ...limits }) },
    { weight: 1, arbitrary: fc.record({ fixed: fc.bigInt({ min: 0n, max: 50n }) }) },
  )
  const drawn = fc.array<ShareRule>(clamped ? share : fc.record({ percent: rate }), {
    minLength: 1,
    maxLength: most - 1,
  })
  return fc.tuple(steps, drawn, fc.nat()).map(([step, others, place]) => {
    let left = 100_000_000n
    const shares = others.map((rule: ShareRule): ShareRule => {
      const scaled = (n: bigint | undefined) => (n === undefined ? undefined : n * step)
      if (rule.percent === undefined) return { fixed: (rule.fixed ?? 0n) * step }
      const numerator = rule.percent.numerator % (left + 1n)
      left -= numerator
      const cap = scaled(rule.cap)
      const lowest = scaled(rule.floor)
      const sound = cap === undefined || lowest === undefined || lowest <= cap
      return { percent: { numerator, denominator: 100_000_000n }, floor: sound ? lowest : cap, cap }
    })
    shares.splice(place % (shares.length + 1), 0, { remainder: true })
    return { step, shares }
  })
}

const sumOf = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n)

/** How far each part is above its exact part, in steps; negative below. */
function deviations(exact: readonly Ratio[], parts: readonly bigint[], step: bigint): Fraction[] {
  return exact.map(({ numerator, denominator }, party) => [
    (parts[party] ?? 0n) * denominator - numerator,
    denominator * step,
  ])
}

describe('a split', () => {
  const input = fc.record({ terms: soundShares(7), count: counts })

  test('is what a naive implementation says', () => {
    fc.assert(
      fc.property(input, ({ terms: { step, shares }, count }) => {
        const amount = count * step
        if (amount > 0n) expect(checkShares(shares, amount, step)).toEqual([])
        const exact = naiveExact(amount, shares)
        const split = splitShares({ whole: amount, step, shares })
        expect(split.exact.map((part, party) => minus(fractionOf(part), exact[party] ?? whole(-1n))[0])).toEqual(
          shares.map(() => 0n),
        )
        expect(split.allotted).toEqual(naiveRounding(amount, step, exact))
      }),
      { numRuns: 2000 },
    )
  })

  test('sums to the whole in whole steps, each within one step of exact and within its cap; zero shares stay zero', () => {
    fc.assert(
      fc.property(input, ({ terms: { step, shares }, count }) => {
        const { exact, allotted } = splitShares({ whole: count * step, step, shares })
        expect(sumOf(allotted)).toBe(count * step)
        expect(allotted.filter((part) => part < 0n || part % step !== 0n)).toEqual([])
        const far = deviations(exact, allotted, step).filter((off) => !less(off, whole(1n)) || !less(whole(-1n), off))
        expect(far).toEqual([])
        expect(allotted.filter((part, party) => part > (shares[party]?.cap ?? part))).toEqual([])
        expect(allotted.filter((part, party) => part > 0n && exact[party]?.numerator === 0n)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('reordered, moves only tied units', () => {
    // Without clamps and fixed amounts the exact parts do not depend on the order, so only the rounding can.
    const reordered = soundShares(7, false).chain(({ step, shares }) => {
      const order = fc.shuffledSubarray(
        shares.map((_, party) => party),
        { minLength: shares.length },
      )
      return fc.record({ step: fc.constant(step), shares: fc.constant(shares), order, count: counts })
    })
    fc.assert(
      fc.property(reordered, ({ step, shares, order, count }) => {
        const { exact, allotted } = splitShares({ whole: count * step, step, shares })
        const other = splitShares({ whole: count * step, step, shares: order.map((party) => shares[party] ?? {}) })
        const moved = order
          .map((party, place) => ({ party, by: (other.allotted[place] ?? 0n) - (allotted[party] ?? 0n) }))
          .filter(({ by }) => by !== 0n)
        expect(sumOf(moved.map(({ by }) => by))).toBe(0n)
        expect(moved.filter(({ by }) => by !== step && by !== -step)).toEqual([])
        const unit = (exact[0]?.denominator ?? 1n) * step
        expect(new Set(moved.map(({ party }) => (exact[party]?.numerator ?? 0n) % unit)).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 2000 },
    )
  })

  test('by weights is what a naive implementation says', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(steps, counts, weights, (step, count, drawn) => {
        fc.pre(sumOf(drawn) > 0n)
        const exact = drawn.map((weight): Fraction => [count * step * weight, sumOf(drawn)])
        const parts = splitByWeights({ whole: count * step, step, weights: drawn })
        expect(parts).toEqual(naiveRounding(count * step, step, exact))
        expect(sumOf(parts)).toBe(count * step)
      }),
    )
  })
})
