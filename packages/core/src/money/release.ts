import { invariant } from '../errors/index.js'
import { allotSteps, assertSplittable, type ExactParts, partsAsRatios } from './allot.js'
import type { Ratio } from './ratio.js'
import { exactByWeights, exactShares, type ShareRule } from './split.js'

/** One more part of a whole that is paid out in parts. All amounts are minor units. */
export interface Part {
  readonly releasedBefore: bigint
  /** What each party was allotted of `releasedBefore`, in declared order. */
  readonly had: readonly bigint[]
  /** This part: a multiple of `step`. */
  readonly amount: bigint
  readonly step: bigint
}

/** What a part comes to for each party, in declared order. All amounts are minor units. */
export interface Release {
  /** What each party is due of all that has been released, this part included, before rounding. */
  readonly exact: readonly Ratio[]
  /** What each party has now, of all parts together. */
  readonly allotted: readonly bigint[]
  /** What each party is paid of this part: never below zero; the sum is the part. */
  readonly paid: readonly bigint[]
}

/**
 * Releases one more part of an escrow. The shares are computed on all that has been released so far, this part included,
 * and each party is paid the difference from what it already had: first whole steps up to floor(exact) − had, then the
 * rest, step by step, to the largest exact − had. A first release is `splitShares` of its amount.
 *
 * INR 1,000.00, 20 % with a cap of 150.00, the rest to the payee:
 *
 * | release | so far | exact | paid |
 * | --- | --- | --- | --- |
 * | 666.67 | 666.67 | 133.334, 533.336 | 133.33, 533.34 |
 * | 233.33 | 900.00 | 150.00, 750.00 | 16.67, 216.66 |
 *
 * @throws `amount_not_positive` below zero; `amount_off_step` if the amount is no multiple of the step
 */
export function releaseShares(part: Part & { readonly shares: readonly ShareRule[] }): Release {
  return releasePart(exactShares(part.shares, part.releasedBefore + part.amount), part)
}

/**
 * The same rule for a total that grows and goes to several destinations by weight, such as a penalty of which half goes
 * to the payer and half to the platform.
 *
 * @throws `amount_not_positive`, `amount_off_step`; `invalid_terms` for a negative weight, or none above zero
 */
export function releaseByWeights(part: Part & { readonly weights: readonly bigint[] }): Release {
  return releasePart(exactByWeights(part.weights, part.releasedBefore + part.amount), part)
}

function releasePart(parts: ExactParts, { releasedBefore, had, amount, step }: Part): Release {
  assertSplittable(amount, step)
  const before = had.reduce((sum, part) => sum + part, 0n)
  invariant(before === releasedBefore, 'the parties had all that was released before')
  const paid = allotSteps(parts, had, amount, step)
  return { exact: partsAsRatios(parts), allotted: paid.map((part, party) => part + (had[party] ?? 0n)), paid }
}
