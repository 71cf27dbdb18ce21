import { invariant, ledgerError } from '../errors/index.js'
import { allotSteps, assertSplittable, type ExactParts, partsAsRatios } from './allot.js'
import { commonDenominator, type Ratio, smaller } from './ratio.js'

/**
 * What one party is to get of an amount: exactly one of `percent`, `fixed` and `remainder`. Amounts are minor units and
 * multiples of the step. `checkShares` says whether a list of them is sound; the functions here take that for granted.
 */
export interface ShareRule {
  /** A part of the whole amount, as `parsePercent` makes it. */
  readonly percent?: Ratio | undefined
  readonly fixed?: bigint | undefined
  /** What all the others leave, wherever in the list it stands. At most one share, without floor and cap. */
  readonly remainder?: true | undefined
  readonly floor?: bigint | undefined
  readonly cap?: bigint | undefined
}

export interface Split {
  /** What each party is due before rounding, in minor units, in declared order. */
  readonly exact: readonly Ratio[]
  /** What each party gets, in minor units: multiples of the step that sum to the whole. */
  readonly allotted: readonly bigint[]
}

/**
 * Splits an amount by shares. Each wants its fixed amount or its percentage of the whole, within its floor and cap, and
 * takes no more than those before it have left; the remainder share takes the rest. Only then is there one rounding, to
 * steps: largest remainder, ties by declared order.
 *
 * JPY 10,001: 15 % (at least 500, at most 1,200), fixed 2,000, 40 % and the remainder are exactly 1200, 2000, 4000.4
 * and 2800.6, and get 1200, 2000, 4000 and 2801.
 *
 * @throws `amount_not_positive` below zero; `amount_off_step` if the whole is no multiple of the step
 */
export function splitShares(split: { whole: bigint; step: bigint; shares: readonly ShareRule[] }): Split {
  assertSplittable(split.whole, split.step)
  const parts = exactShares(split.shares, split.whole)
  const nothing = split.shares.map(() => 0n)
  return { exact: partsAsRatios(parts), allotted: allotSteps(parts, nothing, split.whole, split.step) }
}

/**
 * Splits an amount in proportion to weights; 100.00 by 1, 1, 1 is 33.34, 33.33, 33.33. Answers minor units, multiples of
 * the step that sum to the whole; largest remainder, ties by declared order.
 *
 * @throws `amount_not_positive`, `amount_off_step`; `invalid_terms` for a negative weight, or none above zero
 */
export function splitByWeights(split: { whole: bigint; step: bigint; weights: readonly bigint[] }): bigint[] {
  assertSplittable(split.whole, split.step)
  const nothing = split.weights.map(() => 0n)
  return allotSteps(exactByWeights(split.weights, split.whole), nothing, split.whole, split.step)
}

/** What each share is due of a whole, before any rounding. */
export function exactShares(shares: readonly ShareRule[], whole: bigint): ExactParts {
  const denominator = commonDenominator(shares.flatMap(({ percent }) => percent ?? []))
  let left = whole * denominator
  const numerators = shares.map((share) => {
    if (share.remainder) return 0n
    const wanted = wantedOf(share, whole, denominator)
    const taken = smaller(wanted, left)
    left -= taken
    return taken
  })
  const rest = shares.findIndex((share) => share.remainder)
  if (rest >= 0) numerators[rest] = left
  else invariant(left === 0n, 'terms leave no money without an owner: they were checked at opening')
  return { numerators, denominator }
}

/** What each weight is due of a whole, before any rounding. */
export function exactByWeights(weights: readonly bigint[], whole: bigint): ExactParts {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  if (total <= 0n || weights.some((weight) => weight < 0n)) {
    const message = 'Weights must not be negative, and at least one must be above zero.'
    throw ledgerError('invalid_terms', message, { issues: [{ path: 'weights', message }] })
  }
  return { numerators: weights.map((weight) => whole * weight), denominator: total }
}

/** What a share asks for of a whole, within its floor and cap, as a numerator over `denominator`; not the remainder's. */
export function wantedOf(share: ShareRule, whole: bigint, denominator: bigint): bigint {
  const { percent, fixed = 0n, floor, cap } = share
  const asked = percent ? whole * percent.numerator * (denominator / percent.denominator) : fixed * denominator
  const raised = floor !== undefined && asked < floor * denominator ? floor * denominator : asked
  return cap !== undefined && raised > cap * denominator ? cap * denominator : raised
}
