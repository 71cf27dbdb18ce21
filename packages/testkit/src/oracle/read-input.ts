import { compare, type Fraction, floor, multiply, parseDecimal, whole, zero } from './fraction.js'
import { Refusal, refuseIf } from './refusal.js'

/** The input of a command as its caller wrote it. It is judged here, so nothing is known of its fields yet. */
export type Fields = Readonly<Record<string, unknown>>

export interface Amount {
  readonly minor: bigint
  readonly currency: string
}

/** How many decimals a currency has: those that tests use. A host's own units are added by `currencies`. */
const isoExponents: Readonly<Record<string, number>> = {
  BHD: 3,
  CLF: 4,
  CLP: 0,
  EUR: 2,
  GBP: 2,
  HUF: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  TND: 3,
  TWD: 2,
  USD: 2,
  VND: 0,
}

export type Exponents = Readonly<Record<string, number>>

export const exponentsWith = (own: Exponents | undefined): Exponents => ({ ...isoExponents, ...own })

const LARGEST = 2n ** 63n - 1n

/** Whether an amount is outside signed 64-bit minor units. */
export const isOutOfRange = (minor: bigint): boolean => minor > LARGEST || minor < -LARGEST - 1n

export function exponentOf(exponents: Exponents, currency: unknown): number {
  const known = typeof currency === 'string' && Object.hasOwn(exponents, currency)
  if (!known) throw new Refusal('currency_unknown')
  return exponents[currency] ?? 0
}

export function readFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('invalid_input')
  return value as Fields
}

/** A text of 1 to `longest` characters, well-formed and without control characters. */
export function readText(value: unknown, longest = 128): string {
  if (typeof value !== 'string' || value === '') throw new Refusal('invalid_input')
  refuseIf([...value].length > longest, 'invalid_input')
  refuseIf(/[\p{Cc}\p{Cs}]/u.test(value), 'invalid_input')
  return value
}

/** A reason that must be given. It may have several lines. */
export function readReason(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Refusal('invalid_input')
  return value
}

export const readCode = (value: unknown): string => readText(value, 1200)

export function readCurrency(exponents: Exponents, value: unknown): string {
  exponentOf(exponents, value)
  return value as string
}

/** An amount in either form: `{ minor, currency }` or `{ amount: '10.00', currency }`. */
export function readAmount(exponents: Exponents, value: unknown): Amount {
  const fields = readFields(value)
  const exponent = exponentOf(exponents, fields.currency)
  const currency = fields.currency as string
  if (typeof fields.minor === 'bigint') {
    refuseIf(isOutOfRange(fields.minor), 'amount_out_of_range')
    return { minor: fields.minor, currency }
  }
  const exact = parseDecimal(fields.amount)
  if (!exact) throw new Refusal('invalid_amount')
  const minor = multiply(exact, whole(10n ** BigInt(exponent)))
  refuseIf(compare(minor, whole(floor(minor))) !== 0, 'invalid_amount')
  refuseIf(isOutOfRange(floor(minor)), 'amount_out_of_range')
  return { minor: floor(minor), currency }
}

export function readPositive(exponents: Exponents, value: unknown): Amount {
  const amount = readAmount(exponents, value)
  refuseIf(amount.minor <= 0n, 'amount_not_positive')
  return amount
}

/** Reads what may be left out. */
export const optional = <Value>(value: unknown, read: (value: unknown) => Value): Value | undefined =>
  value === undefined ? undefined : read(value)

/** Scores by measure: numbers or decimal texts, made exact. */
export function readMeasures(value: unknown): ReadonlyMap<string, Fraction> {
  const scores = new Map<string, Fraction>()
  for (const [measure, score] of Object.entries(readFields(value))) scores.set(measure, readScore(score))
  return scores
}

function readScore(score: unknown): Fraction {
  refuseIf(typeof score !== 'number' && typeof score !== 'string', 'invalid_input')
  const exact = parseDecimal(String(score))
  if (!exact) throw new Refusal('invalid_input')
  return exact.over === 0n ? zero : exact
}

/** The order of two texts by their UTF-8 bytes, which is the order of their code points. */
export function compareUtf8(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
