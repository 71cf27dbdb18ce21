import { compare, type Fraction, floor, multiply, parseDecimal, whole, zero } from './fraction.js'
import type { Fields } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'

/** What an amount's text in terms is read by: the currency's decimals, and the step it must be a multiple of. */
export interface AmountTexts {
  readonly exponent: number
  readonly step: bigint
}

/** Whatever is wrong in terms is `invalid_terms`. */
export function mustBe(condition: boolean): asserts condition {
  refuseIf(!condition, 'invalid_terms')
}

export function object(value: unknown): Fields {
  mustBe(typeof value === 'object' && value !== null && !Array.isArray(value))
  return value as Fields
}

export function listOf(value: unknown): readonly unknown[] {
  mustBe(Array.isArray(value))
  return value
}

export const maximumPercent = whole(100n)

export function readDecimal(text: unknown): Fraction {
  const exact = parseDecimal(text)
  if (!exact) throw new Refusal('invalid_terms')
  return exact
}

/** A percentage from 0 to 100, with at most six decimals. */
export function readPercent(text: unknown): Fraction {
  const percent = readDecimal(text)
  mustBe(typeof text === 'string' && (text.split('.')[1] ?? '').length <= 6)
  mustBe(compare(percent, zero) >= 0 && compare(percent, maximumPercent) <= 0)
  return percent
}

/** An amount of the escrow's currency, zero or more and a multiple of the step, in minor units. */
export function readAmountText(text: unknown, { exponent, step }: AmountTexts): bigint {
  const minor = multiply(readDecimal(text), whole(10n ** BigInt(exponent)))
  mustBe(compare(minor, whole(floor(minor))) === 0)
  const amount = floor(minor)
  mustBe(amount >= 0n)
  mustBe(amount % step === 0n)
  return amount
}

const MINUTE_MS = 60 * 1000

/** `{ days, hours, minutes }`, of which each may be left out but not all, in milliseconds. */
export function readDuration(value: unknown): number {
  const fields = object(value)
  const minutesIn = { days: 24 * 60, hours: 60, minutes: 1 }
  refuseIf(fields.days === undefined && fields.hours === undefined && fields.minutes === undefined, 'invalid_input')
  let minutes = 0
  for (const unit of ['days', 'hours', 'minutes'] as const) {
    const count = fields[unit] ?? 0
    mustBe(typeof count === 'number' && Number.isSafeInteger(count) && count >= 0)
    minutes += count * minutesIn[unit]
  }
  return minutes * MINUTE_MS
}
