import { Decimal } from 'decimal.js'
import { ledgerError } from '../errors/index.js'
import { type DecimalText, readDecimal, scaledInteger, shown } from './decimal-text.js'
import type { Ratio } from './ratio.js'

/**
 * decimal.js with 60 significant digits, for exchange rates and the like. Its default of 20 loses the fraction of
 * 9000000000000000001 × 33.333333 %. Money itself is never one of these: it is split by exact integers.
 */
export const RateDecimal: typeof Decimal = Decimal.clone({
  defaults: true,
  precision: 60,
  rounding: Decimal.ROUND_HALF_EVEN,
})
export type RateDecimal = Decimal

const percentDecimals = 6
const percentDenominator = 100_000_000n

/**
 * A percentage as an exact ratio: `'33.333333'` is 33333333 / 100000000.
 *
 * @throws `invalid_amount` unless it is a decimal string from 0 to 100 with at most 6 decimals
 */
export function parsePercent(percent: string): Ratio {
  const decimal = readDecimal(percent)
  if (decimal !== undefined && decimal.fraction.length <= percentDecimals && decimal.whole.length <= 3) {
    const numerator = scaledInteger(decimal, percentDecimals)
    if (numerator >= 0n && numerator <= percentDenominator) return { numerator, denominator: percentDenominator }
  }
  const grammar = "a decimal string from 0 to 100 with at most 6 decimals, such as '33.333333'"
  throw ledgerError('invalid_amount', `${shown(percent)} is not a percentage: write ${grammar}.`)
}

/** A percentage in its canonical form: `20.0` and `20` are both `'20'`. Throws like `parsePercent`. */
export function canonicalPercent(percent: string): string {
  parsePercent(percent)
  return canonical(readDecimal(percent) as DecimalText)
}

/**
 * A rate such as an exchange rate, at full precision.
 *
 * @throws `invalid_amount` unless it is a decimal string above zero with at most 60 digits
 */
export function parseRate(rate: string): RateDecimal {
  const decimal = readDecimal(rate)
  if (decimal !== undefined && decimal.whole.length + decimal.fraction.length <= 60) {
    const value = new RateDecimal(rate)
    if (value.greaterThan(0)) return value
  }
  const grammar = "a decimal string above zero with at most 60 digits, such as '83.1275'"
  throw ledgerError('invalid_amount', `${shown(rate)} is not a rate: write ${grammar}.`)
}

/**
 * A measured score in its canonical form: `4.50` and `4.5` are both `'4.5'`. A score may be a number, since it is no
 * money; it has at most 12 digits before the point and 6 after it.
 *
 * @throws `invalid_input`
 */
export function parseScore(score: string | number): string {
  const decimal = readDecimal(typeof score === 'number' ? String(score) : score)
  if (decimal === undefined || decimal.whole.length > 12 || decimal.fraction.length > 6) {
    const grammar = 'a number or decimal string with at most 12 digits and 6 decimals, such as 4.5'
    const message = `${shown(score)} is not a score: pass ${grammar}.`
    throw ledgerError('invalid_input', message, { issues: [{ path: '', message }] })
  }
  return canonical(decimal)
}

/** One text for one value, so that requests which say the same are the same request. */
function canonical({ negative, whole, fraction }: DecimalText): string {
  const significant = fraction.replace(/0+$/, '')
  const magnitude = significant === '' ? whole : `${whole}.${significant}`
  return negative && magnitude !== '0' ? `-${magnitude}` : magnitude
}

/** −1, 0 or 1, as score a is below, equal to or above score b. Throws `invalid_input`. */
export function compareScores(a: string | number, b: string | number): -1 | 0 | 1 {
  return new RateDecimal(parseScore(a)).comparedTo(parseScore(b)) as -1 | 0 | 1
}
