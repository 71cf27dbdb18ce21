import { invariant } from '../errors/index.js'

/** An exact fraction, such as 333333.33 minor units or 33.333333 %. The denominator is positive; it need not be reduced. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** The smallest number that all the denominators divide, so that fractions can be added and compared as integers. */
export function commonDenominator(ratios: Iterable<Ratio>): bigint {
  let common = 1n
  for (const { denominator } of ratios) {
    invariant(denominator > 0n, 'a denominator is positive')
    common *= denominator / greatestCommonDivisor(common, denominator)
  }
  return common
}

/**
 * A fraction of an amount that is not negative, rounded to whole steps; what lies halfway goes to the even number of
 * steps, so that many roundings lean to neither side.
 */
export function roundHalfEven({ numerator, denominator }: Ratio, step: bigint): bigint {
  invariant(numerator >= 0n && denominator > 0n && step > 0n, 'only amounts that are not negative are rounded')
  const unit = denominator * step
  const steps = numerator / unit
  const twiceRest = 2n * (numerator % unit)
  const up = twiceRest > unit || (twiceRest === unit && steps % 2n === 1n)
  return (up ? steps + 1n : steps) * step
}

/** What `Math.min` would say if it took bigints. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}
