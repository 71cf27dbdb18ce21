/** An exact rational number. The denominator is always above zero; fractions are not reduced, since nothing needs it. */
export interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

export const whole = (value: bigint): Fraction => ({ over: value, under: 1n })

export const zero = whole(0n)

export const add = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
})

export const subtract = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under - b.over * a.under,
  under: a.under * b.under,
})

export const multiply = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under })

/** Divides by a positive integer. */
export const divide = (a: Fraction, by: bigint): Fraction => ({ over: a.over, under: a.under * by })

/** Below zero, zero or above zero, as a is less than, equal to or greater than b. */
export const compare = (a: Fraction, b: Fraction): number => {
  const difference = a.over * b.under - b.over * a.under
  if (difference < 0n) return -1
  return difference > 0n ? 1 : 0
}

export const smaller = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b)

export const larger = (a: Fraction, b: Fraction): Fraction => (compare(a, b) >= 0 ? a : b)

export const sum = (values: readonly Fraction[]): Fraction => values.reduce(add, zero)

/** The largest integer that is not above the fraction. */
export const floor = (a: Fraction): bigint => {
  const quotient = a.over / a.under
  return a.over % a.under < 0n ? quotient - 1n : quotient
}

/** The nearest integer; of two that are equally near, the even one. */
export const roundHalfEven = (a: Fraction): bigint => {
  const below = floor(a)
  const fromHalf = compare(subtract(a, whole(below)), { over: 1n, under: 2n })
  if (fromHalf < 0) return below
  if (fromHalf > 0) return below + 1n
  return below % 2n === 0n ? below : below + 1n
}

/** A decimal text such as `-12.50` as a fraction, or undefined where it is not one. */
export const parseDecimal = (text: unknown): Fraction | undefined => {
  if (typeof text !== 'string') return undefined
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!parts) return undefined
  const decimals = parts[3] ?? ''
  const value = BigInt(`${parts[2]}${decimals}`)
  return { over: parts[1] === '-' ? -value : value, under: 10n ** BigInt(decimals.length) }
}
