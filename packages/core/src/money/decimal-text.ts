/** A decimal number as it was written, in parts that are still text: nothing has been rounded or counted yet. */
export interface DecimalText {
  readonly negative: boolean
  /** The digits before the point, without leading zeros. */
  readonly whole: string
  /** The digits after the point, as written; empty when there is no point. */
  readonly fraction: string
}

/**
 * The grammar of a JSON number without an exponent. It has one reading in every country and in every language, which
 * `1,000`, `.5`, `1e3`, `+1` and full-width digits do not.
 */
const pattern = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/

/** Reads a decimal number, or answers `undefined` where the value is no string or is not written in that grammar. */
export function readDecimal(value: unknown): DecimalText | undefined {
  if (typeof value !== 'string') return undefined
  const match = pattern.exec(value)
  if (match === null) return undefined
  return { negative: match[1] === '-', whole: match[2] ?? '', fraction: match[3] ?? '' }
}

/** The number as an integer of `10^-places`. The caller has made sure that the fraction has no more places than that. */
export function scaledInteger(decimal: DecimalText, places: number): bigint {
  const magnitude = BigInt(decimal.whole + decimal.fraction.padEnd(places, '0'))
  return decimal.negative ? -magnitude : magnitude
}

/** A value as an error message may show it: quoted, escaped, and cut where it would fill a log. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'number' || typeof value === 'bigint') return `the ${typeof value} ${String(value).slice(0, 40)}`
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
