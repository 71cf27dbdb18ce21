import { compare, divide, type Fraction, multiply, roundHalfEven, whole } from './fraction.js'
import { exactShares, handOut } from './shares.js'
import type { Deduction, Rate, Target, Terms } from './terms.js'

/** What a release gave each party, and what each deduction took, without what earlier releases did. */
export interface Release {
  readonly amount: bigint
  readonly effectiveAt: number
  /** One for each share of the terms, in declared order: paid = allotted − deducted. */
  readonly shares: readonly { readonly party: string; readonly allotted: bigint; readonly deducted: bigint }[]
  /** One for each deduction of the terms, in declared order. */
  readonly deductions: readonly {
    readonly name: string
    readonly taken: bigint
    /** What it wanted of all releases so far and did not get. It is nobody's debt. */
    readonly shortfall: bigint
    readonly toPayer: bigint
    readonly toPlatform: bigint
  }[]
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((all, each) => all + each, 0n)

/** Splits a release by the terms, on all that was released before and now. */
export function splitRelease(given: {
  readonly terms: Terms
  readonly measures: ReadonlyMap<string, Fraction>
  readonly earlier: readonly Release[]
  readonly amount: bigint
  readonly effectiveAt: number
}): Release {
  const { terms, measures, earlier, amount, effectiveAt } = given
  const had = terms.shares.map((_, index) => total(earlier.map((release) => release.shares[index]?.allotted ?? 0n)))
  const releasedSoFar = total(earlier.map((release) => release.amount)) + amount
  const exact = exactShares(terms.shares, releasedSoFar)
  const allotted = handOut({ amount, step: terms.step, exact, had })

  const left = [...allotted]
  const deductions = terms.deductions.map((deduction, index) => {
    const from = terms.shares.findIndex((share) => share.party === deduction.from)
    const allottedSoFar = (had[from] ?? 0n) + (allotted[from] ?? 0n)
    const before = earlier.map((release) => release.deductions[index])
    const takenBefore = total(before.map((each) => each?.taken ?? 0n))
    const rate = rateOf(deduction, measures)
    const due = rate === undefined ? 0n : dueOf(rate, { allotted: allottedSoFar, step: terms.step })
    const taken = within(due - takenBefore, left[from] ?? 0n)
    left[from] = (left[from] ?? 0n) - taken
    const parts = splitTaken(deduction, { taken, before, step: terms.step })
    return { name: deduction.name, taken, shortfall: due - takenBefore - taken, ...parts }
  })

  const shares = terms.shares.map(({ party }, index) => ({
    party,
    allotted: allotted[index] ?? 0n,
    deducted: (allotted[index] ?? 0n) - (left[index] ?? 0n),
  }))
  return { amount, effectiveAt, shares, deductions }
}

/** Splits what a deduction takes by its targets' weights, on all that it took before and now. */
function splitTaken(
  { to }: Deduction,
  given: {
    readonly taken: bigint
    readonly before: readonly (Release['deductions'][number] | undefined)[]
    readonly step: bigint
  },
): { toPayer: bigint; toPlatform: bigint } {
  const weights = total(to.map((target) => target.weight))
  const had = to.map((target) =>
    total(given.before.map((each) => (target.to === 'payer' ? each?.toPayer : each?.toPlatform) ?? 0n)),
  )
  const takenSoFar = total(had) + given.taken
  const exact = to.map(({ weight }) => divide(whole(takenSoFar * weight), weights))
  const parts = handOut({ amount: given.taken, step: given.step, exact, had })
  const partOf = (name: Target['to']) => total(parts.filter((_, index) => to[index]?.to === name))
  return { toPayer: partOf('payer'), toPlatform: partOf('platform') }
}

/** The rate that a deduction takes for the score of its measure: the first tier that matches, if any. */
function rateOf(deduction: Deduction, measures: ReadonlyMap<string, Fraction>): Rate | undefined {
  const score = measures.get(deduction.measure)
  if (score === undefined) return deduction.whenMissing
  for (const { bound, threshold, rate } of deduction.tiers) {
    const order = compare(score, threshold)
    if (bound === 'below' ? order < 0 : order >= 0) return rate
  }
  return undefined
}

/** A rate of all that the party was allotted so far, rounded half-even to the step. */
function dueOf(rate: Rate, { allotted, step }: { allotted: bigint; step: bigint }): bigint {
  if ('fixed' in rate) return rate.fixed
  return roundHalfEven(divide(multiply(rate.percent, whole(allotted)), 100n * step)) * step
}

/** An amount brought between zero and what is left. */
function within(amount: bigint, left: bigint): bigint {
  if (amount < 0n) return 0n
  return amount > left ? left : amount
}
