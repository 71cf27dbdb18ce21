import {
  compare,
  divide,
  type Fraction,
  floor,
  larger,
  multiply,
  smaller,
  subtract,
  sum,
  whole,
  zero,
} from './fraction.js'
import { assert } from './refusal.js'
import type { Share } from './terms.js'

/**
 * What each share comes to before any rounding, in minor units. In declared order each wants its fixed amount or its
 * percentage of the whole, clamped to its floor and cap, and takes no more than is left; the remainder takes the rest.
 */
export function exactShares(shares: readonly Share[], amountMinor: bigint): readonly Fraction[] {
  let left = whole(amountMinor)
  const taken = shares.map((share) => {
    if (share.wants === 'remainder') return zero
    const taking = smaller(wanted(share, share.wants, amountMinor), left)
    left = subtract(left, taking)
    return taking
  })
  return taken.map((taking, index) => (shares[index]?.wants === 'remainder' ? left : taking))
}

function wanted(share: Share, wants: Exclude<Share['wants'], 'remainder'>, amountMinor: bigint): Fraction {
  let amount = 'fixed' in wants ? whole(wants.fixed) : divide(multiply(wants.percent, whole(amountMinor)), 100n)
  if (share.floor !== undefined) amount = larger(amount, whole(share.floor))
  if (share.cap !== undefined) amount = smaller(amount, whole(share.cap))
  return amount
}

/**
 * Hands out an amount in whole steps, to those who are to have `exact` altogether and `had` some of it before. First
 * each gets the whole steps up to floor(exact) − had, never below zero; then the steps that remain go, one by one, to
 * whoever is furthest below exact. Of two equally far the one declared first goes first.
 *
 * Where earlier releases rounded some up, those whole steps can come to more than there is; then the steps that are
 * too many are left out for whoever is nearest to exact, the one declared last first.
 */
export function handOut(given: {
  readonly amount: bigint
  readonly step: bigint
  readonly exact: readonly Fraction[]
  readonly had: readonly bigint[]
}): readonly bigint[] {
  const { step } = given
  assert(given.amount % step === 0n, 'an amount to hand out is off step')
  const exact = given.exact.map((share) => divide(share, step))
  const had = given.had.map((share) => share / step)
  const steps = exact.map((share, index) => {
    const wholeSteps = floor(share) - (had[index] ?? 0n)
    return wholeSteps > 0n ? wholeSteps : 0n
  })
  const distance = (index: number): Fraction =>
    subtract(exact[index] ?? zero, whole((had[index] ?? 0n) + (steps[index] ?? 0n)))

  let left = given.amount / step
  for (const given of steps) left -= given
  for (; left > 0n; left -= 1n) {
    let furthest = 0
    for (let index = 1; index < steps.length; index += 1) {
      if (compare(distance(index), distance(furthest)) > 0) furthest = index
    }
    steps[furthest] = (steps[furthest] ?? 0n) + 1n
  }
  for (; left < 0n; left += 1n) {
    let nearest = -1
    for (let index = 0; index < steps.length; index += 1) {
      if ((steps[index] ?? 0n) === 0n) continue
      if (nearest === -1 || compare(distance(index), distance(nearest)) <= 0) nearest = index
    }
    assert(nearest >= 0, 'more was handed out than there is')
    steps[nearest] = (steps[nearest] ?? 0n) - 1n
  }
  const parts = steps.map((count) => count * step)
  assert(compare(sum(parts.map(whole)), whole(given.amount)) === 0, 'the parts do not sum to the whole')
  return parts
}
