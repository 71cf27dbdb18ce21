import { ledgerError } from '../errors/index.js'
import { format, fromMinor, type Money } from './money.js'

/** a + b. Throws `currency_mismatch`, `amount_out_of_range`. */
export function add(a: Money, b: Money): Money {
  assertSameCurrency(a, b)
  return fromMinor(a.minor + b.minor, a.currency)
}

/** a − b. Throws `currency_mismatch`, `amount_out_of_range`. */
export function subtract(a: Money, b: Money): Money {
  assertSameCurrency(a, b)
  return fromMinor(a.minor - b.minor, a.currency)
}

/** −a. Throws `amount_out_of_range` for the one amount whose opposite does not fit 64 bits. */
export function negate(a: Money): Money {
  return fromMinor(-a.minor, a.currency)
}

/** −1, 0 or 1, as a is less than, equal to or more than b. Throws `currency_mismatch`. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  assertSameCurrency(a, b)
  return a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0
}

/**
 * The sum of amounts that are all in `currency`; of none, zero. Only the sum must fit the range, not each step to it.
 *
 * @throws `currency_mismatch`, `currency_unknown`, `amount_out_of_range`
 */
export function sum(amounts: Iterable<Money>, currency: string): Money {
  let minor = 0n
  for (const amount of amounts) {
    if (amount.currency !== currency) throw mismatch(currency, amount.currency)
    minor += amount.minor
  }
  return fromMinor(minor, currency)
}

export function isZero(a: Money): boolean {
  return a.minor === 0n
}

export function isPositive(a: Money): boolean {
  return a.minor > 0n
}

export function isNegative(a: Money): boolean {
  return a.minor < 0n
}

/** Refuses zero and less with `amount_not_positive`; `what` names the amount in the message, such as `A refund`. */
export function assertPositive(amount: Money, what: string): void {
  if (amount.minor > 0n) return
  const text = `${what} must be more than zero, and ${format(amount)} ${amount.currency} is not.`
  throw ledgerError('amount_not_positive', text)
}

/**
 * Refuses with `amount_off_step` an amount that is not a multiple of `step` minor units: 10 for KWD through Razorpay,
 * whose third decimal must be 0. `what` names the amount in the message.
 */
export function assertOnStep(amount: Money, step: bigint, what: string): void {
  if (amount.minor % step === 0n) return
  const multiple = format(fromMinor(step, amount.currency))
  const text = `${what} must be a multiple of ${multiple} ${amount.currency}, and ${format(amount)} is not.`
  throw ledgerError('amount_off_step', text)
}

function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw mismatch(a.currency, b.currency)
}

function mismatch(expected: string, found: string) {
  return ledgerError('currency_mismatch', `${expected} and ${found} cannot be mixed: convert one of them first.`)
}
