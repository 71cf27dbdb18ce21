import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DeductionRule, deductRates, releaseShares, type ShareRule, splitShares } from './index.js'
import type { Release } from './release.js'

const hundred = 100_000_000n
const sumOf = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n)

interface Terms {
  step: bigint
  shares: ShareRule[]
}

/** Sound shares of `parties` parties, with a remainder somewhere; limits are small, so that releases pass them. */
function terms(parties: { min: number; max: number }): fc.Arbitrary<Terms> {
  const small = fc.bigInt({ min: 0n, max: 12n })
  const kind = fc.constantFrom('percent', 'percent', 'percent', 'capped', 'floored', 'fixed')
  const rule = fc.record({ kind, small, rate: fc.bigInt({ min: 0n, max: hundred }), round: fc.boolean() })
  const rules = fc.array(rule, { minLength: parties.min - 1, maxLength: parties.max - 1 })
  return fc.tuple(fc.constantFrom(1n, 10n), rules, fc.nat()).map(([step, drawn, place]) => {
    let left = hundred
    const shares = drawn.map((one): ShareRule => {
      if (one.kind === 'fixed') return { fixed: one.small * step }
      // Round percentages make ties and whole steps; small ones leave room for many parties.
      const wanted = one.round ? (one.rate % 6n) * 5_000_000n : one.rate / BigInt(parties.max)
      const numerator = wanted < left ? wanted : left
      left -= numerator
      const limit = one.small * step
      const limits = one.kind === 'capped' ? { cap: limit } : one.kind === 'floored' ? { floor: limit } : {}
      return { percent: { numerator, denominator: hundred }, ...limits }
    })
    shares.splice(place % (shares.length + 1), 0, { remainder: true })
    return { step, shares }
  })
}

const counts = fc.array(fc.bigInt({ min: 0n, max: 12n }), { minLength: 1, maxLength: 12 })

/** Releases the counts of steps one after another. */
function releasesOf({ step, shares }: Terms, amounts: readonly bigint[]): Release[] {
  let releasedBefore = 0n
  let had: readonly bigint[] = shares.map(() => 0n)
  return amounts.map((count) => {
    const release = releaseShares({ releasedBefore, had, amount: count * step, step, shares })
    releasedBefore += count * step
    had = release.allotted
    return release
  })
}

/** What a party has above its exact part, as a numerator over the exact part's denominator; negative below. */
const above = ({ exact, allotted }: Release) =>
  exact.map(({ numerator, denominator }, party) => (allotted[party] ?? 0n) * denominator - numerator)
const unitOf = ({ exact }: Release, step: bigint) => (exact[0]?.denominator ?? 1n) * step

describe('releases of any number of parts', () => {
  test('pay each part out in whole steps, nobody less than nothing, and the first as a split', () => {
    fc.assert(
      fc.property(terms({ min: 1, max: 8 }), counts, (agreed, amounts) => {
        const all = releasesOf(agreed, amounts)
        expect(all.map(({ paid }) => sumOf(paid))).toEqual(amounts.map((count) => count * agreed.step))
        expect(all.flatMap(({ paid }) => paid).filter((part) => part < 0n || part % agreed.step !== 0n)).toEqual([])
        const first = splitShares({ whole: (amounts[0] ?? 0n) * agreed.step, ...agreed })
        expect(all[0]?.paid).toEqual(first.allotted)
        expect(all[0]?.exact).toEqual(first.exact)
      }),
      { numRuns: 1000 },
    )
  })

  test('never leave a party a step or more above exact', () => {
    fc.assert(
      fc.property(terms({ min: 1, max: 10 }), counts, (agreed, amounts) => {
        for (const release of releasesOf(agreed, amounts)) {
          expect(above(release).filter((by) => by >= unitOf(release, agreed.step))).toEqual([])
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('leave up to three parties within one step of exact, so within one step of one release', () => {
    fc.assert(
      fc.property(terms({ min: 1, max: 3 }), counts, (agreed, amounts) => {
        const all = releasesOf(agreed, amounts)
        for (const release of all) {
          expect(above(release).filter((by) => by <= -unitOf(release, agreed.step))).toEqual([])
        }
        const atOnce = splitShares({ whole: sumOf(amounts) * agreed.step, ...agreed }).allotted
        const apart = atOnce.map((part, party) => part - (all.at(-1)?.allotted[party] ?? 0n))
        expect(apart.filter((by) => by > agreed.step || by < -agreed.step)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('leave any number of parties within one step of exact, unless the whole steps did not fit', () => {
    fc.assert(
      fc.property(terms({ min: 4, max: 10 }), counts, (agreed, amounts) => {
        let before = agreed.shares.map(() => 0n)
        for (const [index, release] of releasesOf(agreed, amounts).entries()) {
          const had = before
          const wholeSteps = release.exact.map(({ numerator, denominator }, party) => {
            const lacks = (numerator / (denominator * agreed.step)) * agreed.step - (had[party] ?? 0n)
            return lacks > 0n ? lacks : 0n
          })
          const fits = sumOf(wholeSteps) <= (amounts[index] ?? 0n) * agreed.step
          const short = above(release).filter((by) => by <= -unitOf(release, agreed.step))
          if (fits) expect(short).toEqual([])
          before = [...release.allotted]
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('end exactly where one release does, when every exact part is a whole number of steps', () => {
    // Twentieths of a multiple of 20 steps, however it was cut.
    const twentieths = fc.array(fc.bigInt({ min: 0n, max: 5n }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(twentieths, counts, fc.boolean(), (drawn, amounts, first) => {
        const rates: ShareRule[] = drawn.map((n) => ({ percent: { numerator: n * 5_000_000n, denominator: hundred } }))
        const rest: ShareRule = { remainder: true }
        const agreed = { step: 10n, shares: first ? [rest, ...rates] : [...rates, rest] }
        const missing = (20n - (sumOf(amounts) % 20n)) % 20n
        const all = releasesOf(agreed, [...amounts, missing])
        const atOnce = splitShares({ whole: (sumOf(amounts) + missing) * 10n, ...agreed }).allotted
        expect(all.at(-1)?.allotted).toEqual(atOnce)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('deductions over any number of releases', () => {
  const rules = fc.array(
    fc.oneof(
      fc.record({
        percent: fc.record({ numerator: fc.bigInt({ min: 0n, max: hundred }), denominator: fc.constant(hundred) }),
      }),
      fc.record({ fixed: fc.bigInt({ min: 0n, max: 40n }).map((count) => count * 10n) }),
    ),
    { maxLength: 4 },
  )

  /** Half-even rounding written out: down, then up if the rest is more than half, or half and the steps are odd. */
  function naiveWanted(rule: DeductionRule, share: bigint): bigint {
    if ('fixed' in rule) return rule.fixed
    const exact = share * rule.percent.numerator
    const down = exact / (hundred * 10n)
    const rest = exact - down * hundred * 10n
    if (rest * 2n === hundred * 10n) return (down + (down % 2n)) * 10n
    return (rest * 2n > hundred * 10n ? down + 1n : down) * 10n
  }

  test('never exceed the share, never go back, and leave something only when all were taken in full', () => {
    fc.assert(
      fc.property(rules, counts, (deductions, amounts) => {
        let share = 0n
        let kept = 0n
        let had = deductions.map(() => 0n)
        for (const count of amounts) {
          share += count * 10n
          const taken = deductRates({ share, paid: count * 10n, had, step: 10n, deductions })
          expect(taken.kept + sumOf(taken.deductions.map(({ now }) => now))).toBe(count * 10n)
          kept += taken.kept
          for (const [index, one] of taken.deductions.entries()) {
            expect(one.now >= 0n && one.now % 10n === 0n).toBe(true)
            expect(one.wanted).toBe(naiveWanted(deductions[index] ?? { fixed: -1n }, share))
            expect(one.taken).toBe((had[index] ?? 0n) + one.now)
            expect(one.shortfall).toBe(one.wanted - one.taken)
          }
          if (taken.kept > 0n) expect(taken.deductions.filter(({ shortfall }) => shortfall > 0n)).toEqual([])
          had = taken.deductions.map((one) => one.taken)
          expect(sumOf(had) + kept).toBe(share)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('end where one release would, if in the last one nothing fell short', () => {
    fc.assert(
      fc.property(rules, counts, (deductions, amounts) => {
        const none = deductions.map(() => 0n)
        let share = 0n
        let last = deductRates({ share, paid: 0n, had: none, step: 10n, deductions })
        for (const count of amounts) {
          share += count * 10n
          const had = last.deductions.map(({ taken }) => taken)
          last = deductRates({ share, paid: count * 10n, had, step: 10n, deductions })
        }
        fc.pre(last.deductions.every(({ shortfall }) => shortfall === 0n))
        const atOnce = deductRates({ share, paid: share, had: none, step: 10n, deductions })
        expect(last.deductions.map(({ taken }) => taken)).toEqual(atOnce.deductions.map(({ taken }) => taken))
      }),
      { numRuns: 500 },
    )
  })
})
