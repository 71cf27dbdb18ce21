import { ledgerError } from '../errors/index.js'
import { exponentOf, isCurrency } from './currencies.js'
import { readDecimal, scaledInteger, shown } from './decimal-text.js'

/**
 * An amount of one currency, exact and immutable.
 *
 * `JSON.stringify` writes it as `{"amount":"1000.00","currency":"INR"}`, which `moneySchema` reads back.
 */
export interface Money {
  /** Whole minor units (paise, cents, fils): a signed 64-bit integer, unless it is a sum that a report has made. */
  readonly minor: bigint
  /** An ISO 4217 code, or the code of a registered unit. */
  readonly currency: string
}

/** What both databases can store in their widest integer column. */
const largestMinor = 2n ** 63n - 1n
const smallestMinor = -(2n ** 63n)
const mostWholeDigits = 19

/** Not enumerable, so that two amounts are equal exactly when their two fields are. */
const prototype: object = Object.defineProperty({}, 'toJSON', {
  value(this: Money) {
    return { amount: format(this), currency: this.currency }
  },
})

/**
 * An amount from a decimal string: `money('1000.00', 'INR')`. Fewer decimals than the currency has are filled with
 * zeros; `-0` is zero.
 *
 * @throws `invalid_amount` for anything but a plain decimal string with at most the currency's decimals;
 * `currency_unknown`; `amount_out_of_range` beyond 64 bits of minor units.
 */
export function money(amount: string, currency: string): Money {
  const decimal = readDecimal(amount)
  if (decimal === undefined) throw malformedAmount(amount)
  const places = exponentOf(currency)
  if (decimal.fraction.length > places) {
    const written = decimal.fraction.length === 1 ? '1 decimal' : `${decimal.fraction.length} decimals`
    const message = `${shown(amount)} has ${written} and ${currency} has ${places || 'none'}: round it first.`
    throw ledgerError('invalid_amount', message)
  }
  // A text of a million digits must not become an integer before it is refused.
  if (decimal.whole.length > mostWholeDigits) throw outOfRange(amount, currency)
  return fromMinor(scaledInteger(decimal, places), currency)
}

/**
 * An amount from whole minor units: `fromMinor(100000n, 'INR')` is ₹1,000.00.
 *
 * @throws `invalid_amount` if `minor` is no bigint; `currency_unknown`; `amount_out_of_range` beyond 64 bits.
 */
export function fromMinor(minor: bigint, currency: string): Money {
  if (typeof minor !== 'bigint') {
    throw ledgerError('invalid_amount', `Minor units must be a bigint such as 1000n: ${shown(minor)} is not.`)
  }
  if (minor > largestMinor || minor < smallestMinor) {
    exponentOf(currency)
    throw outOfRange(minor, currency)
  }
  return sumFromMinor(minor, currency)
}

/**
 * The same for a sum over a book, which no account has to hold: it may be beyond 64 bits, and then arithmetic refuses it.
 * Throws `currency_unknown`.
 */
export function sumFromMinor(minor: bigint, currency: string): Money {
  exponentOf(currency)
  const value: { minor: bigint; currency: string } = Object.create(prototype)
  value.minor = minor
  value.currency = currency
  return Object.freeze(value)
}

/** No money at all, in a currency. Throws `currency_unknown`. */
export function zero(currency: string): Money {
  return fromMinor(0n, currency)
}

/**
 * The amount as a decimal string with exactly the currency's places and without its code: `1000.00`, `-0.05`, `10001`.
 *
 * @throws `currency_unknown`
 */
export function format({ minor, currency }: Money): string {
  const places = exponentOf(currency)
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0')
  const sign = minor < 0n ? '-' : ''
  if (places === 0) return sign + digits
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** An amount as messages write it: `1000.00 INR`. */
export function inWords(amount: Money): string {
  return `${format(amount)} ${amount.currency}`
}

/** Whether a value has the shape and the range of an amount in a known currency, whoever made it. */
export function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null) return false
  const { minor, currency } = value as Partial<Money>
  return typeof minor === 'bigint' && minor <= largestMinor && minor >= smallestMinor && isCurrency(currency)
}

function malformedAmount(amount: unknown) {
  const advice =
    typeof amount === 'bigint'
      ? 'pass minor units to fromMinor, or a decimal string'
      : typeof amount === 'number'
        ? "pass a decimal string such as '1000.00', since a number cannot hold money exactly"
        : "write digits, and a point before any decimals, such as '1000.00'"
  return ledgerError('invalid_amount', `${shown(amount)} is not an amount: ${advice}.`)
}

function outOfRange(amount: unknown, currency: string) {
  return ledgerError(
    'amount_out_of_range',
    `${shown(amount)} in ${currency} is beyond 64 bits of minor units (at most ${largestMinor}): split it, or check its unit.`,
  )
}
