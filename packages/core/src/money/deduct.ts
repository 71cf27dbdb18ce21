import { invariant } from '../errors/index.js'
import { assertSplittable } from './allot.js'
import { type Ratio, roundHalfEven, smaller } from './ratio.js'

/** What is taken of a party's share: a rate of that share as allotted, or a fixed amount in minor units. */
export type DeductionRule = { readonly percent: Ratio } | { readonly fixed: bigint }

/** One deduction of one party, over all releases so far. All amounts are minor units. */
interface Deduction {
  /** What the rule asks for, of the whole share so far. */
  readonly wanted: bigint
  /** What is taken in this release: never below zero. */
  readonly now: bigint
  /** What has been taken in all releases together, this one included. */
  readonly taken: bigint
  /** What was asked for and not there: recorded, never a debt. A later release can still make it smaller. */
  readonly shortfall: bigint
}

export interface Deductions {
  readonly deductions: readonly Deduction[]
  /** What the party keeps of this release. */
  readonly kept: bigint
}

/**
 * Takes deductions, in declared order, from what one party is paid in one release. A rate is of the party's whole share
 * as allotted so far, whatever other deductions took of it, rounded half-even to steps; a fixed amount stands as it is,
 * once over all releases. Each takes what it still lacks, and no more than the ones before it left of this release.
 *
 * JPY, a share of 2,801, all paid now: 50 % takes 1400 (of 1400.5); then fixed 1,500 finds 1401, a shortfall of 99.
 *
 * @throws `amount_not_positive`, `amount_off_step` for a share or payment that is no whole number of steps
 */
export function deductRates(party: {
  /** What the party has been allotted of all releases so far, this one included. */
  share: bigint
  /** What of that it is paid in this release. */
  paid: bigint
  /** What each deduction took in earlier releases, in declared order. */
  had: readonly bigint[]
  step: bigint
  deductions: readonly DeductionRule[]
}): Deductions {
  const { share, paid, had, step } = party
  assertSplittable(share, step)
  assertSplittable(paid, step)
  invariant(paid <= share, 'what is paid now is part of the share')
  invariant(had.length === party.deductions.length, 'every deduction has a record of what it took')
  let kept = paid
  const deductions = party.deductions.map((rule, index): Deduction => {
    const before = had[index] ?? 0n
    const wanted = 'fixed' in rule ? rule.fixed : rateOf(rule.percent, share, step)
    invariant(wanted >= 0n && wanted % step === 0n, 'a deduction is a whole number of steps: it was checked at opening')
    const lacks = wanted - before
    const now = lacks < 0n ? 0n : smaller(lacks, kept)
    kept -= now
    const taken = before + now
    return { wanted, now, taken, shortfall: wanted > taken ? wanted - taken : 0n }
  })
  return { deductions, kept }
}

function rateOf({ numerator, denominator }: Ratio, share: bigint, step: bigint): bigint {
  return roundHalfEven({ numerator: numerator * share, denominator }, step)
}
